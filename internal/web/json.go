package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"rexbatch/internal/ledger"
)

// maxDepth is how deep a body may nest; no command has more than two levels.
const maxDepth = 16

// strictJSON holds the body of an API request: JSON by its content type, valid UTF-8 (encoding/json would replace
// what is not, and the record would hold what nobody sent), not deep, and no name twice.
func strictJSON(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		body, err := io.ReadAll(r.Body) // bounded by limitBody
		if err != nil {
			return err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if len(body) == 0 {
			return next(c)
		}
		kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil || kind != "application/json" {
			return echo.NewHTTPError(http.StatusUnsupportedMediaType)
		}
		fault := jsonFault(body)
		if fault != "" {
			return ledger.Refuse(ledger.Invalid, "DI-8", "json", "the body cannot be taken: {why}", "send JSON as /api/openapi.json describes it", "why", fault)
		}
		return next(c)
	}
}

// jsonFault says why a body is not taken; empty when it is. What was sent is not repeated: it may be a password.
func jsonFault(body []byte) string {
	if !utf8.Valid(body) {
		return "it is not valid UTF-8"
	}
	if loneSurrogate(body) {
		return "it has half of a character (a surrogate without its partner)"
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	fault := walk(dec, 0)
	if fault != "" {
		return fault
	}
	_, err := dec.Token()
	if !errors.Is(err, io.EOF) {
		return "something follows the JSON value"
	}
	return ""
}

func walk(dec *json.Decoder, depth int) string {
	if depth > maxDepth {
		return "it nests too deep"
	}
	token, err := dec.Token()
	if err != nil {
		return "it is not JSON"
	}
	open, ok := token.(json.Delim)
	if !ok {
		return ""
	}
	seen := map[string]bool{}
	for dec.More() {
		if open == '{' {
			name, err := dec.Token()
			if err != nil {
				return "it is not JSON"
			}
			text, _ := name.(string)
			if seen[text] {
				return "it has a name twice in one object"
			}
			seen[text] = true
		}
		fault := walk(dec, depth+1)
		if fault != "" {
			return fault
		}
	}
	_, err = dec.Token() // the closing bracket
	if err != nil {
		return "it is not JSON"
	}
	return ""
}

// loneSurrogate finds \uD800 to \uDFFF that are not a pair: encoding/json would make U+FFFD of them.
func loneSurrogate(body []byte) bool {
	for i := 0; i+1 < len(body); i++ {
		if body[i] != '\\' {
			continue
		}
		i++ // what is escaped
		if body[i] != 'u' {
			continue
		}
		high := unit(body, i+1)
		if high < 0xD800 || high > 0xDFFF {
			continue
		}
		low := rune(-1)
		if i+6 < len(body) && body[i+5] == '\\' && body[i+6] == 'u' {
			low = unit(body, i+7)
		}
		if high > 0xDBFF || low < 0xDC00 || low > 0xDFFF {
			return true
		}
		i += 10
	}
	return false
}

// unit reads four hexadecimal digits; -1 when they are none.
func unit(body []byte, at int) rune {
	if at+4 > len(body) {
		return -1
	}
	var v rune
	for _, b := range body[at : at+4] {
		switch {
		case b >= '0' && b <= '9':
			v = v<<4 | rune(b-'0')
		case b|0x20 >= 'a' && b|0x20 <= 'f':
			v = v<<4 | rune(b|0x20-'a'+10)
		default:
			return -1
		}
	}
	return v
}
