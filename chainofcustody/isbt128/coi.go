package isbt128

import "rexbatch/chainofcustody/plantid"

// CoI is a Chain of Identity identifier, 15 characters "CH" + FIN + year + six alphanumerics: one therapy event of one
// patient (ST-028, DS 040; I6). It is issued before the first collection, never reused (ID-10), and on every label,
// container, sample and document (ID-11).
type CoI struct{ code string }

var coiSets = sets("CHfppnnnnXXXXXX")

const (
	coiRule = "ISBT 128 DS 040"
	coiName = "a chain of identity"
)

// NewCoI makes a Chain of Identity from the issuing facility, the year in two digits (0–99) and a sequence number (0–999999).
func NewCoI(fin FIN, year, seq int) (CoI, error) {
	tail, err := yearAndSequence(coiRule, fin, year, seq)
	if err != nil {
		return CoI{}, err
	}
	return CoI{"CH" + fin.code + tail}, nil
}

// ParseCoI reads the 15 characters, without blanks and without check character: the stored form. Use ParseCoIKeyed for
// what a person typed and ParseScan for what a scanner read.
func ParseCoI(s string) (CoI, error) {
	sets := coiSets
	if len(s) > 2 && ofPlant(s[2:]) {
		sets = plantCoISets
	}
	err := shape(coiRule, coiName, s, sets)
	if err != nil {
		return CoI{}, err
	}
	return CoI{s}, nil
}

// ParseCoIKeyed reads a typed Chain of Identity: 15 characters and the check character over all 15, with or without the
// blanks between the groups as printed (ID-12).
func ParseCoIKeyed(s string) (CoI, error) {
	identifier, err := keyed("ID-12", coiName, s, []int{2, 5, 2, 6}, 0)
	if err != nil {
		return CoI{}, err
	}
	return ParseCoI(identifier)
}

// String is the 15 characters, empty for the zero CoI.
func (c CoI) String() string { return c.code }

// IsZero reports that there is no Chain of Identity.
func (c CoI) IsZero() bool { return c.code == "" }

// FIN is the facility that issued the identifier.
func (c CoI) FIN() FIN {
	if c.IsZero() {
		return FIN{}
	}
	return FIN{c.code[2:7]}
}

// Check is the check character, required wherever the identifier is printed (ST-028); 0 for the zero CoI. It is
// computed over all 15 characters; the standard says "from the data content string", so that includes "CH".
func (c CoI) Check() byte {
	if c.IsZero() {
		return 0
	}
	return mustCheck(c.Scheme(), c.code)
}

// Print is the identifier as it stands on a label: "CH A9999 26 000123 G", the check character last (printed in a box).
func (c CoI) Print() string {
	if c.IsZero() {
		return ""
	}
	return c.code[:2] + " " + c.code[2:7] + " " + c.code[7:9] + " " + c.code[9:] + " " + string(c.Check())
}

// Label is the data of a code that carries the identifier alone: "&/CHA999926000123"; "RB:CH01SVQ26000123/9" of a plant.
func (c CoI) Label() string {
	switch c.Scheme() {
	case NoScheme:
		return ""
	case Plant:
		return plantid.Label(c.code)
	}
	return "&/" + c.code
}

// MarshalText writes String.
func (c CoI) MarshalText() ([]byte, error) { return []byte(c.code), nil }

// UnmarshalText reads what MarshalText writes.
func (c *CoI) UnmarshalText(text []byte) error { return unmarshal(c, text, ParseCoI) }
