package pages

import (
	"fmt"
	"net/http"
)

// The sizes that a hand in gloves needs, in millimetres (screens, rule 3).
const (
	targetSize = 20
	targetGap  = 5
	screenRim  = 10
)

// hereStyle is GET /terminal.css: the size of targets in pixels of this terminal's screen.
func (v *visit) hereStyle() error {
	here := v.here()
	if here == nil || here.Terminal.Density == 0 {
		return v.Blob(http.StatusOK, "text/css; charset=utf-8", nil)
	}
	px := func(mm int) int { return (mm*here.Terminal.Density + 99) / 100 } // rounded up
	css := fmt.Sprintf(":root { --target: %dpx; --gap: %dpx; --rim: %dpx; }\n", px(targetSize), px(targetGap), px(screenRim))
	return v.Blob(http.StatusOK, "text/css; charset=utf-8", []byte(css))
}
