package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBar(t *testing.T) {
	var out bytes.Buffer
	log := &bar{out: &out, label: "SVQ2600001X"}
	for done := range 9 {
		log.show(done, 8)
	}
	require.NoError(t, log.end())
	require.Equal(t, "SVQ2600001X  25 %  2/8\nSVQ2600001X  50 %  4/8\nSVQ2600001X  75 %  6/8\nSVQ2600001X 100 %  8/8\n", out.String(), "a line at each quarter")
	out.Reset()
	live := &bar{out: &out, label: "SVQ2600001X", width: 80}
	live.show(0, 0)
	live.show(1, 2)
	live.show(1, 2)
	require.NoError(t, live.end())
	require.Equal(t, "\r\x1b[KSVQ2600001X [###############...............]  50 %  1/2\n", out.String())
}
