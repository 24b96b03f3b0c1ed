package phone_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody/phone"
	"rexbatch/chainofcustody/phone/phonetest"
	"rexbatch/internal/ledger"
)

// handset is a phone that hands over unless it is told otherwise.
type handset struct{ *phonetest.Handset }

func newHandset(t testing.TB, id string) *handset { return &handset{phonetest.New(t, id)} }

func (h *handset) key(t testing.TB) phone.Key { return h.Key(t) }

func (h *handset) sign(t testing.TB, payload []byte) phone.Envelope { return h.Sign(t, payload) }

// write makes the next event; what it says beside the usual is in more.
func (h *handset) write(t testing.TB, more map[string]any) phone.Envelope {
	return h.Write(t, map[string]any{
		"kind": "give", "shipment": "SVQ-S-0001", "scanned": "=A99992600012300", "seals": []string{"S-1"}, "place": "Dock 2", "offset_ms": 1500, "bound_ms": 80,
	}, more)
}

func TestWhatAPhoneSignedIsRead_TR10(t *testing.T) {
	h := newHandset(t, "8XK2MPQ4-1")
	e, err := phone.Open(h.write(t, nil), h.key(t))
	require.NoError(t, err)
	require.Equal(t, phone.Give, e.Kind)
	require.Equal(t, []string{"S-1"}, e.Seals)
	require.Equal(t, time.Date(2026, 10, 8, 10, 0, 0, 123e6, time.UTC), e.Time.At)
	require.Equal(t, 1500*time.Millisecond, e.Time.Offset)
	second, err := phone.Open(h.write(t, map[string]any{"kind": "note", "text": "traffic jam"}), h.key(t))
	require.NoError(t, err)
	require.NotEmpty(t, second.Previous)
}

func TestBothSidesSignAHandoff_I6(t *testing.T) {
	giver, receiver := newHandset(t, "8XK2MPQ4-1"), newHandset(t, "9ZZ2MPQ4-1")
	offer := giver.write(t, nil)
	scanned, err := phone.ParseCode(offer.Code())
	require.NoError(t, err)
	require.Equal(t, offer, scanned)
	take, err := phone.Open(receiver.write(t, map[string]any{"kind": "take", "given": scanned}), receiver.key(t))
	require.NoError(t, err)
	given, err := phone.Open(*take.Given, giver.key(t))
	require.NoError(t, err)
	require.Equal(t, "Dock 2", given.Place)
	require.Less(t, len(offer.Code()), 1200, "a code that another phone can still scan")
}

func TestForgedEventsAreRefused_I3(t *testing.T) {
	h, thief := newHandset(t, "8XK2MPQ4-1"), newHandset(t, "8XK2MPQ4-1")
	for name, e := range map[string]phone.Envelope{
		"another key": thief.write(t, nil),
		"changed afterward": func() phone.Envelope {
			e := h.write(t, nil)
			e.Payload = bytes.Replace(e.Payload, []byte("Dock 2"), []byte("Dock 3"), 1)
			return e
		}(),
		"no signature": func() phone.Envelope { e := h.write(t, nil); e.Signature = nil; return e }(),
		"zeroes":       func() phone.Envelope { e := h.write(t, nil); e.Signature = make([]byte, 64); return e }(),
	} {
		_, err := phone.Open(e, h.key(t))
		require.ErrorContains(t, err, "TR-10", name)
		require.Equal(t, ledger.Forbidden, ledger.RefusalsOf(err)[0].Kind, name)
	}
	_, err := phone.Open(h.write(t, nil), phone.Key{})
	require.Error(t, err)
	_, err = phone.ParseKey([]byte("no key"))
	require.ErrorContains(t, err, "TR-10")
}

func TestFormIsHeld(t *testing.T) {
	for name, more := range map[string]map[string]any{
		"another version":       {"v": 2},
		"another phone":         {"phone": "9ZZ2MPQ4-1"},
		"no phone":              {"phone": "../etc"},
		"no number":             {"n": 0},
		"first with a previous": {"prev": strings.Repeat("0", 64)},
		"later without":         {"n": 2},
		"unknown kind":          {"kind": "steal"},
		"unknown field":         {"admin": true},
		"no place":              {"place": ""},
		"a place too long":      {"place": strings.Repeat("x", 121)},
		"an emoji":              {"place": "Dock 😀"},
		"empty seal":            {"seals": []string{""}},
		"eleven seals":          {"seals": strings.Split("1,2,3,4,5,6,7,8,9,10,11", ",")},
		"no label":              {"scanned": ""},
		"scan without":          {"kind": "scan", "scanned": ""},
		"seals without":         {"kind": "seals", "seals": []string{}},
		"empty note":            {"kind": "note"},
		"a clock beyond":        {"offset_ms": int64(1) << 62},
		"a bound below":         {"bound_ms": -1},
		"no time":               {"at": "yesterday"},
		"a giver in a scan":     {"kind": "scan", "given": phone.Envelope{}},
		"no shipment":           {"shipment": "a/b"},
	} {
		h := newHandset(t, "8XK2MPQ4-1")
		_, err := phone.Open(h.write(t, more), h.key(t))
		require.ErrorContains(t, err, "TR-10", name)
	}
	h := newHandset(t, "8XK2MPQ4-1")
	for _, payload := range []string{"", "{}{}", "null", "[]", "\xff", strings.Repeat(" ", 9000)} {
		_, err := phone.Open(h.sign(t, []byte(payload)), h.key(t))
		require.Error(t, err, fmt.Sprintf("%q", payload))
	}
	for _, code := range []string{"", "=A99992600012300", "RBH1.", "RBH1.{}x", "RBH1." + strings.Repeat("x", 7000)} {
		_, err := phone.ParseCode(code)
		require.Error(t, err, code)
	}
}

func TestStanding_TR10(t *testing.T) {
	h := newHandset(t, "8XK2MPQ4-1")
	var events []phone.Event
	var digests []ledger.Digest
	for range 3 {
		e := h.write(t, nil)
		event, err := phone.Open(e, h.key(t))
		require.NoError(t, err)
		events, digests = append(events, event), append(digests, e.Digest())
	}
	delivered := map[uint64]ledger.Digest{}
	require.Equal(t, phone.New, phone.Stands(delivered, events[2], digests[2]), "in any order")
	delivered[3] = digests[2]
	require.Equal(t, phone.Again, phone.Stands(delivered, events[2], digests[2]))
	require.Equal(t, phone.Conflict, phone.Stands(delivered, events[2], digests[0]))
	delivered[1] = digests[2]
	require.Equal(t, phone.Conflict, phone.Stands(delivered, events[1], digests[1]), "it names another event before it")
	delivered[1] = digests[0]
	require.Equal(t, phone.New, phone.Stands(delivered, events[1], digests[1]))
}

func FuzzOpen(f *testing.F) {
	h := newHandset(f, "8XK2MPQ4-1")
	key := h.key(f)
	f.Add([]byte(h.write(f, nil).Payload))
	f.Add([]byte(`{"v":1}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		e, err := phone.Open(h.sign(t, payload), key)
		if err != nil {
			require.NotEmpty(t, ledger.RefusalsOf(err))
			return
		}
		require.Equal(t, h.ID, e.Phone)
		require.False(t, e.Time.Moment(0, e.Time.At).Latest.IsZero())
	})
}

func FuzzParseCode(f *testing.F) {
	h := newHandset(f, "8XK2MPQ4-1")
	f.Add(h.write(f, nil).Code())
	f.Fuzz(func(t *testing.T, code string) {
		e, err := phone.ParseCode(code)
		if err != nil {
			return
		}
		again, err := phone.ParseCode(e.Code())
		require.NoError(t, err)
		require.Equal(t, e.Digest(), again.Digest())
	})
}
