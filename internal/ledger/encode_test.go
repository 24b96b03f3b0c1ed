package ledger_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
)

var at = time.Date(2026, 11, 22, 17, 4, 5, 123456789, time.FixedZone("CET", 3600))

func sample() ledger.Append {
	return ledger.Append{Author: ledger.Author{Account: "anna", Role: "operator", Terminal: "SVQ-07"}, Streams: []ledger.StreamAppend{{
		Stream: "batch/X", Expected: 2, Drafts: []ledger.Draft{{Type: "batch.step-completed", Takes: []string{"a", `"b\`}, Frees: []string{"c"},
			Blobs: []ledger.Digest{ledger.DigestOf(nil)}, Data: json.RawMessage(`{ "value": "<5.00" }`)}}}}}
}

// The format is a promise: this very text must be readable for as long as the record is kept.
func TestFormatIsPinned(t *testing.T) {
	stored, err := ledger.Prepare(sample(), at)
	require.NoError(t, err)
	want := `{"v":1,"time":"2026-11-22T16:04:05.123456Z","stream":"batch/X","version":3,"by":"anna","role":"operator",` +
		`"at":"SVQ-07","type":"batch.step-completed","takes":["a","\"b\\"],"frees":["c"],` +
		`"blobs":["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],"data":{"value":"<5.00"}}`
	require.Equal(t, want, string(stored[0].Bytes()))
	require.True(t, json.Valid(stored[0].Bytes()))
	e, err := ledger.Decode(0, stored[0].Bytes())
	require.NoError(t, err)
	require.Equal(t, stored[0].Entry, e)
}

func TestRestamp(t *testing.T) {
	stored, err := ledger.Prepare(sample(), at)
	require.NoError(t, err)
	stored[0].Restamp(at.Add(time.Hour))
	later, err := ledger.Prepare(sample(), at.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, later, stored)
	e, err := ledger.DecodeStored(7, stored[0].Value)
	require.NoError(t, err)
	require.Equal(t, uint64(7), e.Seq)
}

func TestDecodeIsStrict(t *testing.T) {
	stored, err := ledger.Prepare(sample(), at)
	require.NoError(t, err)
	good := string(stored[0].Bytes())
	for _, change := range [][2]string{
		{`"v":1`, `"v":2`}, {`{"v"`, `{ "v"`}, {`05.123456Z`, `65.123456Z`}, {`-22T`, `-31T`}, {`456Z`, `456z`},
		{`"version":3`, `"version":03`}, {`"version":3`, `"version":0`}, {`"version":3`, `"version":-3`},
		{`"version":3`, `"version":18446744073709551616`}, {`"anna"`, `""`}, {`"anna"`, `"an\u006ea"`}, {`"anna"`, "\"an\nna\""},
		{`"anna"`, "\"\xff\""}, {`"takes":["a","\"b\\"]`, `"takes":[]`}, {`["a",`, `["a","a",`}, {`["c"]`, `["c",]`},
		{`e3b0`, `E3B0`}, {`e3b0`, `3b0`}, {`,"data"`, ` ,"data"`}, {`{"value":"<5.00"}}`, `{"value":"<5.00"}`},
		{`{"value":"<5.00"}}`, `{"value":"<5.00"},"x":1}`}, {`<5.00"}}`, `<5.00"}}x`}, {`<5.00`, "\xff"}, {`"by"`, `"by" `},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		require.NotEqual(t, good, bad)
		_, err := ledger.Decode(3, []byte(bad))
		var corrupt *ledger.CorruptError
		require.ErrorAs(t, err, &corrupt, bad)
		require.Equal(t, uint64(3), corrupt.Seq)
	}
	for i := range good {
		_, err := ledger.Decode(0, []byte(good[:i]))
		require.Error(t, err)
	}
	_, err = ledger.Decode(0, make([]byte, ledger.MaxEntry+1))
	require.ErrorContains(t, err, "too many")
}

func TestStoredBytesMustMatchTheirHash(t *testing.T) {
	stored, err := ledger.Prepare(sample(), at)
	require.NoError(t, err)
	for i := range stored[0].Value {
		value := append([]byte{}, stored[0].Value...)
		value[i] ^= 1
		_, err := ledger.DecodeStored(0, value)
		var corrupt *ledger.CorruptError
		require.ErrorAs(t, err, &corrupt, "byte %d", i)
	}
	_, err = ledger.DecodeStored(0, stored[0].Value[:31])
	require.Error(t, err)
}

// FuzzDecode: whatever is accepted is written back byte for byte; nothing panics.
func FuzzDecode(f *testing.F) {
	stored, err := ledger.Prepare(sample(), at)
	require.NoError(f, err)
	f.Add(stored[0].Bytes())
	f.Add([]byte(strings.Replace(string(stored[0].Bytes()), `"frees":["c"],`, "", 1)))
	f.Add([]byte(`{"v":1,"time":"2026-11-22T16:04:05.123456Z","stream":"s","version":1,"by":"a","role":"r","at":"t","type":"t","data":null}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := ledger.Decode(0, raw)
		if err != nil {
			return
		}
		again, err := ledger.Encode(e)
		require.NoError(t, err)
		require.Equal(t, string(raw), string(again))
		require.True(t, json.Valid(raw))
	})
}
