package pages_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The network is really gone: the server takes no connection. The page opens all the same, with its decoder.
func TestCourierPageOpensWithoutANetwork_Screens23(t *testing.T) {
	f := newFloor(t, "es-svq")
	base, line := f.behindCut()
	b := newTab(t, base, phone)
	b.open("/courier/")
	b.is(`document.body.dataset.ready === "yes"`)
	line.set(true)
	b.open("/courier/")
	b.sees("Open the link that the plant or the hospital sent you.")
	require.True(t, eval[bool](b, `import("/static/courier/camera.js").then((m) => m.warm()).then(() => true)`))
	require.Equal(t, "gone", eval[string](b, `fetch("/worklist").then(() => "there", () => "gone")`), "nothing but the courier's page is kept")
	b.shot("courier-nolink")
	line.set(false)
}
