package isbt128

import (
	"fmt"
	"strconv"

	"rexbatch/chainofcustody/plantid"
)

// FIN is a facility identification number: the five characters, given out by ICCBBA, of who issues identifiers
// (ST-001, DS 001 αpppp). A plant without a licence has a code of its own in its place, which no FIN can be: see Scheme.
type FIN struct{ code string }

var finSets = sets("fppnn")

// NewFIN checks a facility number. The letter O and a leading 0 do not occur, but in the code of a plant that issues its
// own identifiers ("01SVQ").
func NewFIN(s string) (FIN, error) {
	if plantid.IsFacility(s) {
		return FIN{s}, nil
	}
	err := shape("ISBT 128 DS 001", "a facility number", s, finSets)
	if err != nil {
		return FIN{}, err
	}
	return FIN{s}, nil
}

// String is the five characters, empty for the zero FIN.
func (f FIN) String() string { return f.code }

// IsZero reports that there is no facility number.
func (f FIN) IsZero() bool { return f.code == "" }

// MarshalText writes String.
func (f FIN) MarshalText() ([]byte, error) { return []byte(f.code), nil }

// UnmarshalText reads what MarshalText writes.
func (f *FIN) UnmarshalText(text []byte) error { return unmarshal(f, text, NewFIN) }

// DIN is a donation identification number, 13 characters, unique for a hundred years: one marrow collection (DS 001).
// The two flag characters on a label are not part of it.
type DIN struct{ code string }

var dinSets = sets("fppnnnnnnnnnn")

const (
	dinRule = "ISBT 128 DS 001"
	dinName = "a donation number"
)

// NewDIN makes a donation number from the issuing facility, the year in two digits (0–99) and a sequence number (0–999999).
func NewDIN(fin FIN, year int, seq int) (DIN, error) {
	tail, err := yearAndSequence(dinRule, fin, year, seq)
	if err != nil {
		return DIN{}, err
	}
	return DIN{fin.code + tail}, nil
}

// ParseDIN reads the 13 characters, without blanks and without check character: the stored form. Use ParseDINKeyed for
// what a person typed and ParseScan for what a scanner read.
func ParseDIN(s string) (DIN, error) {
	sets := dinSets
	if ofPlant(s) {
		sets = plantDINSets
	}
	err := shape(dinRule, dinName, s, sets)
	if err != nil {
		return DIN{}, err
	}
	return DIN{s}, nil
}

// ParseDINKeyed reads a typed donation number: 13 characters and the check character, with or without the blanks
// between the groups as printed (ID-12). Any single wrong character or swap of neighbours is refused.
func ParseDINKeyed(s string) (DIN, error) {
	identifier, err := keyed("ID-12", dinName, s, []int{5, 2, 6}, 0)
	if err != nil {
		return DIN{}, err
	}
	return ParseDIN(identifier)
}

// String is the 13 characters, empty for the zero DIN.
func (d DIN) String() string { return d.code }

// IsZero reports that there is no donation number.
func (d DIN) IsZero() bool { return d.code == "" }

// FIN is the facility that issued the number.
func (d DIN) FIN() FIN {
	if d.IsZero() {
		return FIN{}
	}
	return FIN{d.code[:5]}
}

// Check is the check character K, 0 for the zero DIN.
func (d DIN) Check() byte {
	if d.IsZero() {
		return 0
	}
	return mustCheck(d.Scheme(), d.code)
}

// Print is the number as it stands on a label: "A9999 26 000123 K", where K is the check character (printed in a box).
func (d DIN) Print() string {
	if d.IsZero() {
		return ""
	}
	return d.code[:5] + " " + d.code[5:7] + " " + d.code[7:] + " " + string(d.Check())
}

// Label is the data of a code that carries the number alone, flag 00: "=A99992600012300"; "RB:01SVQ26000123/4" of a plant.
func (d DIN) Label() string {
	switch d.Scheme() {
	case NoScheme:
		return ""
	case Plant:
		return plantid.Label(d.code)
	}
	return "=" + d.code + "00"
}

// MarshalText writes String.
func (d DIN) MarshalText() ([]byte, error) { return []byte(d.code), nil }

// UnmarshalText reads what MarshalText writes.
func (d *DIN) UnmarshalText(text []byte) error { return unmarshal(d, text, ParseDIN) }

func yearAndSequence(rule string, fin FIN, year, seq int) (string, error) {
	if fin.IsZero() {
		return "", fail(rule, CodeMissing, "the facility number is missing", "configure the facility number of this site")
	}
	if year < 0 || year > 99 {
		return "", fail(rule, CodeRange, "{year} is not a year of two digits", "give 26 for 2026", "year", strconv.Itoa(year))
	}
	if seq < 0 || seq > 999999 {
		return "", fail(rule, CodeRange, "{number} is not a sequence number of six digits", "the numbers of this year are used up: ask for a further facility number",
			"number", strconv.Itoa(seq))
	}
	return fmt.Sprintf("%02d%06d", year, seq), nil
}

// unmarshal is the one way in which stored identifiers come back: an empty text is none, the rest is checked again.
func unmarshal[T any](into *T, text []byte, parse func(string) (T, error)) error {
	if len(text) == 0 {
		var none T
		*into = none
		return nil
	}
	parsed, err := parse(string(text))
	if err != nil {
		return err
	}
	*into = parsed
	return nil
}
