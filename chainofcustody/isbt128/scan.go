package isbt128

import (
	"strconv"
	"strings"
	"time"

	"rexbatch/chainofcustody/gs1"
	"rexbatch/chainofcustody/plantid"
)

// MaxScan is the longest text that ParseScan looks at, in bytes.
const MaxScan = 512

// Scan is what one label said, taken apart and checked. Fields that the label does not carry are zero.
type Scan struct {
	Raw        string      // as it came from the device; evidence (I14)
	Symbology  string      // AIM identifier of the reader, e.g. "]d1"; empty when the reader sends none
	Typed      bool        // entered by keyboard with check character, not read by a device (ID-12)
	CoI        CoI         // DS 040
	DIN        DIN         // DS 001
	Flag       string      // the two flag digits behind a scanned DIN: "00", or "01" for the first container of a set
	Division   Division    // DS 032
	Product    ProductCode // DS 003
	SEC        SEC         // DS 038
	Expiry     string      // DS 005, cyyjjjhhmm in the zone of the label; checked to be a date. See ExpiryIn
	GTIN       gs1.GTIN    // of one of our labels in the codes of GS1
	Batch      string      // of one of our labels in the codes of GS1; alone with the GTIN on its linear code
	Serial     int         // of one of our labels on its container, from 1; zero on a label of somebody else
	Structures []Structure // every structure in the order of the label, also those without a field of their own
}

// Structure is a data structure of the label as it stands there.
type Structure struct {
	Identifier string // "=<"; "=" for the DIN
	Data       string
}

// ContainerID is the container that the scan names by DIN and division; zero when it lacks one of them.
func (s Scan) ContainerID() ContainerID {
	if s.DIN.IsZero() || s.Division.IsZero() {
		return ContainerID{}
	}
	return ContainerID{s.DIN, s.Division}
}

// Container gives the container and whose it is, and false when the scan lacks Chain of Identity, DIN or division.
func (s Scan) Container() (Container, bool) {
	c, err := NewContainer(s.DIN, s.Division, s.CoI)
	return c, err == nil
}

// ExpiryIn is the expiry in the zone of the label; an error when the scan has none, or the zone has no such local time.
func (s Scan) ExpiryIn(zone *time.Location) (time.Time, error) { return ParseExpiry005(s.Expiry, zone) }

// ParseScan reads what a scanner sent or a person typed:
//   - a compound message (DS 023), its structures in any order, their count checked, none twice;
//   - one structure: DIN "=", Chain of Identity "&/", division "=,", product code "=<", expiry "&>", SEC "&,4";
//   - the label of a plant that issues its own identifiers, "RB:", with its check character;
//   - the label of a plant whose codes are those of GS1; its linear code, which names a batch and no container;
//   - each with an AIM identifier before it ("]d1");
//   - typed with check character: Chain of Identity (16), DIN (14), container (20), see the Keyed parsers (ID-12).
//
// An identifier alone, without check character or data identifier, is refused: nothing would show that it was misread.
// Nothing is normalised, so a trailing line end must be cut off by the reader of the device. Errors are *Error.
func ParseScan(raw string) (Scan, error) {
	if len(raw) > MaxScan || raw == "" {
		return Scan{}, fail("ISBT 128 ST-001", CodeLength, "the scan has {length} bytes, 1 to {max} are read", "scan the label of the container",
			"length", strconv.Itoa(len(raw)), "max", strconv.Itoa(MaxScan))
	}
	s := Scan{Raw: raw}
	if holdsElements(raw) {
		err := s.readElements(raw)
		if err != nil {
			return Scan{}, err
		}
		return s, nil
	}
	rest := raw
	if strings.HasPrefix(raw, "]") {
		if len(raw) < 3 || !asciiLetter(raw[1]) || !asciiLetter(raw[2]) && !digit(raw[2]) {
			return Scan{}, fail("ISBT 128 ST-001", CodeStructure, "{text} has no valid symbology identifier", "check the settings of the scanner", "text", quote(raw))
		}
		s.Symbology, rest = raw[:3], raw[3:]
	}
	var err error
	switch {
	case strings.HasPrefix(rest, "=+"):
		err = s.readCompound(rest)
	case strings.HasPrefix(rest, plantid.Prefix):
		err = s.readPlant(rest)
	case strings.HasPrefix(rest, "=") || strings.HasPrefix(rest, "&"):
		err = s.readSingle(rest)
	case s.Symbology != "":
		err = unknownStructure(rest)
	default:
		err = s.readTyped(rest)
	}
	if err != nil {
		return Scan{}, err
	}
	return s, nil
}

func asciiLetter(c byte) bool { return letter(c) || c >= 'a' && c <= 'z' }

// structures are those whose length is known here, so that the labels of hospitals can be read; the fixed length is the
// only thing that tells where the next one begins. The DIN is found by its second character.
var structures = map[string]int{
	"&/": 15, "=,": 6, "=<": 8, "&>": 10,
	"=%": 4, "=>": 6, "=*": 6, "&*": 10, "=}": 6, "&}": 10, "&(": 5, "=)": 10, "&)": 10, "=-": 10, "&-": 10,
	ownIdentifier: ownLength,
	"=;":          21, "='": 11, "&,1": 18, "&,2": 18, "&,4": 40,
}

// single are the structures that mean something to us when they stand alone.
var single = map[string]bool{"=": true, "&/": true, "=,": true, "=<": true, "&>": true, "&,4": true}

// next splits off the structure at the beginning of text.
func next(text string) (Structure, string, error) {
	if len(text) < 2 {
		return Structure{}, "", unknownStructure(text)
	}
	identifier, length := text[:2], 0
	if identifier == "&," && len(text) > 2 { // the MPHO structures have a third character
		identifier = text[:3]
	}
	if text[0] == '=' && first(text[1]) {
		identifier, length = "=", 15
	} else {
		known := false
		length, known = structures[identifier]
		if !known {
			return Structure{}, "", unknownStructure(text)
		}
	}
	data := text[len(identifier):]
	if len(data) < length {
		return Structure{}, "", fail("ISBT 128 ST-001", CodeLength, "{text} ends before its {want} characters", "scan again",
			"text", quote(text), "want", strconv.Itoa(length))
	}
	return Structure{identifier, data[:length]}, data[length:], nil
}

func unknownStructure(text string) error {
	return fail("ISBT 128 ST-001", CodeStructure, "{text} is not a structure of our labels", "scan the code beside the chain of identity", "text", quote(text))
}

func (s *Scan) readSingle(text string) error {
	structure, rest, err := next(text)
	if err != nil {
		return err
	}
	if !single[structure.Identifier] {
		return unknownStructure(text)
	}
	if rest != "" {
		return fail("ISBT 128 ST-001", CodeLength, "{text} goes on behind its structure", "scan one code at a time", "text", quote(text))
	}
	return s.take(structure)
}

func (s *Scan) readCompound(text string) error {
	const rule = "ISBT 128 DS 023"
	if len(text) < 7 || !digit(text[2]) || !digit(text[3]) || !digit(text[4]) || !digit(text[5]) || !digit(text[6]) {
		return fail(rule, CodeStructure, "{text} is not a compound message", "scan again", "text", quote(text))
	}
	if text[4:7] != "000" {
		// Another code promises an order of structures that ICCBBA has defined and that is not in our tables.
		return fail(rule, CodeStructure, "the compound message has the defined order {order}, only 000 is read", "scan the other codes of the label",
			"order", text[4:7])
	}
	count, found := number(text[2:4]), 0
	for rest := text[7:]; rest != ""; found++ {
		var structure Structure
		var err error
		structure, rest, err = next(rest)
		if err != nil {
			return err
		}
		for _, before := range s.Structures {
			if before.Identifier == structure.Identifier {
				return fail(rule, CodeTwice, "the compound message has the structure {identifier} twice", "set the container aside: two labels in one code",
					"identifier", quote(structure.Identifier))
			}
		}
		err = s.take(structure)
		if err == nil && structure.Identifier == ownIdentifier {
			err = s.takeOwn(text, structure.Data)
		}
		if err != nil {
			return err
		}
	}
	if found != count || count == 0 {
		return fail(rule, CodeCount, "the compound message says {count} structures and has {found}", "scan again",
			"count", strconv.Itoa(count), "found", strconv.Itoa(found))
	}
	return nil
}

// take checks a structure and puts it into its field.
func (s *Scan) take(structure Structure) error {
	var err error
	switch data := structure.Data; structure.Identifier {
	case "=":
		s.DIN, s.Flag, err = dinAndFlag(data)
	case "&/":
		s.CoI, err = ParseCoI(data)
	case "=,":
		s.Division, err = NewDivision(data)
	case "=<":
		s.Product, err = ParseProductCode(data)
	case "&,4":
		s.SEC, err = ParseSEC(data)
	case ExpiryTime:
		s.Expiry = data
		_, err = ParseExpiry005(data, time.UTC)
	case ownIdentifier: // see takeOwn
	case ExpiryDate, CollectionDate, CollectionTime, ProductionDate, ProductionTime:
		_, err = structure.Time(time.UTC)
	default:
		err = plainData(data)
	}
	s.Structures = append(s.Structures, structure)
	return err
}

// dinAndFlag checks the flag too: 60 to 96 repeat the check character, so that a reader can tell a wrong number.
func dinAndFlag(data string) (DIN, string, error) {
	din, err := ParseDIN(data[:13])
	if err != nil {
		return DIN{}, "", err
	}
	flag := data[13:]
	if !digit(flag[0]) || !digit(flag[1]) {
		return DIN{}, "", badCharacter(dinRule, data, 13)
	}
	value, err := checkValue(din.code)
	if err != nil {
		return DIN{}, "", err
	}
	if n := number(flag); n > 96 || n >= 60 && n != 60+value {
		return DIN{}, "", fail(dinRule, CodeCheck, "the flag {flag} does not fit the donation number", "scan again; if it stays, set the container aside", "flag", flag)
	}
	return din, flag, nil
}

// plainData is all that is asked of structures without a field: letters (DS 002 has small ones) and digits, so that one of
// ours cannot hide in another that was cut short.
func plainData(data string) error {
	for i := range len(data) {
		if !asciiLetter(data[i]) && !digit(data[i]) {
			return badCharacter("ISBT 128 ST-001", data, i)
		}
	}
	return nil
}

func (s *Scan) readTyped(text string) error {
	s.Typed = true
	var err error
	switch length := len(strings.NewReplacer(" ", "", "/", "").Replace(text)); length {
	case 14:
		s.DIN, err = ParseDINKeyed(text)
	case 16:
		s.CoI, err = ParseCoIKeyed(text)
	case 20:
		var id ContainerID
		id, err = ParseContainerIDKeyed(text)
		s.DIN, s.Division = id.din, id.division
	default:
		err = fail("ID-12", CodeStructure, "{text} is neither a scanned label nor a typed number with its check character",
			"scan the label, or type the number with the boxed check character at its end", "text", quote(text))
	}
	return err
}
