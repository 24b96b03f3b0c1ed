package pades

import (
	"encoding/binary"
	"fmt"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// textString is a PDF text string (ISO 32000-1, 7.9.2.2): as it is when ASCII,
// otherwise UTF-16BE behind a byte order mark. It stays a literal string; some
// verifiers show hexadecimal ones as empty.
func textString(what, s string) (str, error) {
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > maxText {
		return str{}, fmt.Errorf("%w: %s is no UTF-8, or longer than %d characters", ErrOption, what, maxText)
	}
	ascii := true
	for _, r := range s {
		if unicode.IsControl(r) || r == '\uFFFE' || r == '\uFEFF' {
			return str{}, fmt.Errorf("%w: %s holds control characters", ErrOption, what)
		}
		ascii = ascii && r < utf8.RuneSelf
	}
	if ascii {
		return str{b: []byte(s)}, nil
	}
	out := []byte{0xFE, 0xFF}
	for _, u := range utf16.Encode([]rune(s)) {
		out = binary.BigEndian.AppendUint16(out, u)
	}
	return str{b: out}, nil
}

// decodeText is the inverse of textString; it accepts nothing else.
func decodeText(v value) (string, error) {
	s, ok := v.(str)
	if !ok {
		return "", fmt.Errorf("no text string")
	}
	out := string(s.b)
	if len(s.b) >= 2 && s.b[0] == 0xFE && s.b[1] == 0xFF {
		var units []uint16
		for b := s.b[2:]; len(b) >= 2; b = b[2:] {
			units = append(units, binary.BigEndian.Uint16(b))
		}
		out = string(utf16.Decode(units))
	}
	again, err := textString("text", out)
	if err != nil {
		return "", err
	}
	if !same(again, s) {
		return "", fmt.Errorf("text string is not ASCII or UTF-16BE")
	}
	return out, nil
}

// pdfDate writes /M (ISO 32000-1, 7.9.4) with the offset of the given time: a
// signature shows the local time of the person who signed.
func pdfDate(t time.Time) string {
	_, offset := t.Zone()
	if offset == 0 {
		return t.Format("D:20060102150405") + "Z"
	}
	z := t.Format("-0700")
	return t.Format("D:20060102150405") + z[:3] + "'" + z[3:] + "'"
}

func parseDate(v value) (time.Time, error) {
	s, _ := v.(str)
	var t time.Time
	var err error
	text := string(s.b)
	switch len(text) {
	case len("D:20060102150405Z"):
		t, err = time.Parse("D:20060102150405Z", text)
	case len("D:20060102150405+01'00'"):
		t, err = time.Parse("D:20060102150405-0700", text[:19]+text[20:22])
	default:
		return t, fmt.Errorf("malformed date %q", text)
	}
	if err != nil {
		return t, fmt.Errorf("malformed date: %w", err)
	}
	if pdfDate(t) != text { // 31 February, or another spelling
		return t, fmt.Errorf("malformed date %q", text)
	}
	return t, nil
}
