package isbt128

// ProductCode is a product code of eight characters αoooo t ds: what is in the container, how it was collected and which
// part of it this is (DS 003). The description αoooo comes from ICCBBA's table; this package does not hold it.
type ProductCode struct{ code string }

var productSets = func() []func(byte) bool {
	result := sets("XXXXXXXX")
	result[0] = letter
	return result
}()

// The collection types of DS 003 that this medicine needs (ST-001 table 7).
const (
	AutologousOnly        = '1' // for autologous use only
	AutologousBiohazard   = 'X' // for autologous use only, biohazard
	AutologousMixed       = '8' // autologous, contains allogeneic material
	AutologousCrossover   = 'A' // autologous, eligible for crossover
	UndividedProduct      = "00"
	productCodeRule       = "ISBT 128 DS 003"
	productDescriptionLen = 5
)

// ParseProductCode reads the eight characters.
func ParseProductCode(s string) (ProductCode, error) {
	err := shape(productCodeRule, "a product code", s, productSets)
	if err != nil {
		return ProductCode{}, err
	}
	return ProductCode{s}, nil
}

// NewProductCode joins a description code of ICCBBA ("S1398"), a collection type and a division ("00" for the whole).
func NewProductCode(description string, collection byte, division string) (ProductCode, error) {
	if len(description) != productDescriptionLen || len(division) != 2 {
		return ProductCode{}, fail(productCodeRule, CodeLength, "{text} is not a product description of five characters, or {division} is not a division of two",
			"take the description from the table of ICCBBA", "text", quote(description), "division", quote(division))
	}
	return ParseProductCode(description + string(collection) + division)
}

// String is the eight characters, empty for the zero ProductCode.
func (p ProductCode) String() string { return p.code }

// IsZero reports that there is no product code.
func (p ProductCode) IsZero() bool { return p.code == "" }

// Description is αoooo.
func (p ProductCode) Description() string { return p.part(0, productDescriptionLen) }

// Division is ds, the part of the product.
func (p ProductCode) Division() string { return p.part(6, 8) }

// Collection is t, the collection type; false for product codes in whose class the sixth character is something else.
func (p ProductCode) Collection() (byte, bool) {
	if p.IsZero() {
		return 0, false
	}
	switch p.code[0] {
	case 'E', 'F', 'H', 'S', 'P', 'Y': // blood, cellular therapy, clinical trial
		return p.code[5], true
	case 'X':
		return p.code[5], p.code[1] == '0'
	default:
		return 0, false
	}
}

// Autologous tells whether the code says "for autologous use only", with or without biohazard.
func (p ProductCode) Autologous() bool {
	t, ok := p.Collection()
	return ok && (t == AutologousOnly || t == AutologousBiohazard)
}

// Class names the class of products by its first letter, in English; empty for a letter without a class here (ST-001 table 26).
func (p ProductCode) Class() string {
	switch {
	case p.IsZero():
		return ""
	case p.code[0] == 'E' || p.code[0] == 'F':
		return "blood"
	case p.code[0] == 'S':
		return "cellular therapy"
	case p.code[0] == 'Y':
		return "clinical trial"
	case p.code[0] == 'W':
		return "fecal microbiota"
	case p.code[0] == 'X':
		return "other blood products"
	default:
		return ""
	}
}

// Structure is the code as it stands on a label: "=<S1398100".
func (p ProductCode) Structure() Structure { return Structure{"=<", p.code} }

func (p ProductCode) part(from, to int) string {
	if p.IsZero() {
		return ""
	}
	return p.code[from:to]
}

// MarshalText writes String.
func (p ProductCode) MarshalText() ([]byte, error) { return []byte(p.code), nil }

// UnmarshalText reads what MarshalText writes.
func (p *ProductCode) UnmarshalText(text []byte) error { return unmarshal(p, text, ParseProductCode) }
