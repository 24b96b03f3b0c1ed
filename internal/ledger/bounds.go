package ledger

import (
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Bounds of what may be appended. They keep every entry readable in one piece and every transaction small
// enough that other people's appends do not wait for it noticeably.
const (
	MaxEntry   = 1 << 20  // bytes of one encoded entry
	MaxBlob    = 32 << 20 // bytes of one blob, view or secret
	MaxName    = 256      // bytes of a stream, type, claim, account, role, terminal or document key
	MaxList    = 256      // claims taken, claims freed, or blobs named by one entry
	MaxEntries = 1024     // entries of one Append
)

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

// nameFault says why s may not be a name, or "".
func nameFault(s string) string {
	if s == "" {
		return "is empty"
	}
	if len(s) > MaxName {
		return fmt.Sprintf("is longer than %d bytes", MaxName)
	}
	for _, r := range s {
		if r == utf8.RuneError {
			return "is not valid UTF-8"
		}
		if r >= 0x7f && unicode.IsControl(r) || r < 0x20 {
			return "has a control character"
		}
	}
	return ""
}

func checkName(what, s string) error {
	if fault := nameFault(s); fault != "" {
		return invalid("%s %q %s", what, s, fault)
	}
	return nil
}

func checkNames(what string, names []string) error {
	if len(names) > MaxList {
		return invalid("one entry %s %d keys, at most %d", what, len(names), MaxList)
	}
	for i, name := range names {
		err := checkName(what, name)
		if err != nil {
			return err
		}
		if slices.Contains(names[:i], name) {
			return invalid("one entry %s %q twice", what, name)
		}
	}
	return nil
}

// check refuses what could not be decoded again, or would not name its author (I3).
func (e *Entry) check() error {
	for _, f := range [...]struct{ what, name string }{
		{"stream", e.Stream}, {"entry type", e.Type},
		{"author's account", e.Author.Account}, {"author's role", e.Author.Role}, {"author's terminal", e.Author.Terminal},
	} {
		err := checkName(f.what, f.name)
		if err != nil {
			return err
		}
	}
	if e.Version == 0 {
		return invalid("stream %q: versions count from 1", e.Stream)
	}
	if y := e.Time.UTC().Year(); y < 0 || y > 9999 {
		return invalid("stream %q: year %d does not have four digits", e.Stream, y)
	}
	err := checkNames("takes", e.Takes)
	if err != nil {
		return err
	}
	err = checkNames("frees", e.Frees)
	if err != nil {
		return err
	}
	if len(e.Blobs) > MaxList {
		return invalid("one entry names %d blobs, at most %d", len(e.Blobs), MaxList)
	}
	return nil
}

func checkDocuments(what string, docs map[string][]byte) error {
	for key, doc := range docs {
		err := checkName(what+" key", key)
		if err != nil {
			return err
		}
		if len(doc) > MaxBlob {
			return invalid("%s %q has %d bytes, at most %d", what, key, len(doc), MaxBlob)
		}
	}
	return nil
}
