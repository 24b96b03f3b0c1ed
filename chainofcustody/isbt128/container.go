package isbt128

import "strings"

// Division is a product division, six alphanumerics (DS 032): which of the containers of one donation, e.g. "B00001".
type Division struct{ code string }

var divisionSets = sets("XXXXXX")

const divisionRule = "ISBT 128 DS 032"

// NewDivision checks a division code.
func NewDivision(s string) (Division, error) {
	err := shape(divisionRule, "a division", s, divisionSets)
	if err != nil {
		return Division{}, err
	}
	return Division{s}, nil
}

// String is the six characters, empty for the zero Division.
func (d Division) String() string { return d.code }

// IsZero reports that there is no division.
func (d Division) IsZero() bool { return d.code == "" }

// MarshalText writes String.
func (d Division) MarshalText() ([]byte, error) { return []byte(d.code), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Division) UnmarshalText(text []byte) error { return unmarshal(d, text, NewDivision) }

// ContainerID names one container in the world: donation and division. It does not say whose it is; Container does.
type ContainerID struct {
	din      DIN
	division Division
}

// NewContainerID joins donation and division; both are needed.
func NewContainerID(din DIN, division Division) (ContainerID, error) {
	if din.IsZero() || division.IsZero() {
		return ContainerID{}, fail(divisionRule, CodeMissing, "a container needs donation number and division", "scan the label of the container")
	}
	return ContainerID{din, division}, nil
}

// ParseContainerID reads the stored form "A999926000123/B00001".
func ParseContainerID(s string) (ContainerID, error) {
	left, right, found := strings.Cut(s, "/")
	if !found {
		return ContainerID{}, fail(divisionRule, CodeStructure, "{text} is not a container", "write donation number / division", "text", quote(s))
	}
	din, err := ParseDIN(left)
	if err != nil {
		return ContainerID{}, err
	}
	division, err := NewDivision(right)
	if err != nil {
		return ContainerID{}, err
	}
	return ContainerID{din, division}, nil
}

// ParseContainerIDKeyed reads what a person typed: the 19 characters of donation and division and the check character
// over them, with or without blanks between the groups and with a blank or "/" before the division (ID-12).
func ParseContainerIDKeyed(s string) (ContainerID, error) {
	identifier, err := keyed("ID-12", "a container", s, []int{5, 2, 6, 6}, 3)
	if err != nil {
		return ContainerID{}, err
	}
	return ParseContainerID(identifier[:13] + "/" + identifier[13:])
}

// String is the stored form "A999926000123/B00001", empty for the zero ContainerID.
func (c ContainerID) String() string {
	if c.IsZero() {
		return ""
	}
	return c.din.code + "/" + c.division.code
}

// IsZero reports that there is no container.
func (c ContainerID) IsZero() bool { return c.din.IsZero() }

// DIN is the donation that the container comes from.
func (c ContainerID) DIN() DIN { return c.din }

// Division says which container of the donation it is.
func (c ContainerID) Division() Division { return c.division }

// Check is the check character over the 19 characters of donation and division, 0 for the zero ContainerID.
func (c ContainerID) Check() byte {
	if c.IsZero() {
		return 0
	}
	return mustCheck(c.din.Scheme(), c.din.code+c.division.code)
}

// Print is the form to read and type: "A9999 26 000123 B00001 K", K the check character over all of it.
func (c ContainerID) Print() string {
	if c.IsZero() {
		return ""
	}
	return c.din.code[:5] + " " + c.din.code[5:7] + " " + c.din.code[7:] + " " + c.division.code + " " + string(c.Check())
}

// MarshalText writes String.
func (c ContainerID) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (c *ContainerID) UnmarshalText(text []byte) error { return unmarshal(c, text, ParseContainerID) }

// Container is one container of one donation under one Chain of Identity: what our own labels say (I4, I6).
type Container struct {
	id  ContainerID
	coi CoI
}

// NewContainer joins the three; all are needed.
func NewContainer(din DIN, division Division, coi CoI) (Container, error) {
	id, err := NewContainerID(din, division)
	if err != nil {
		return Container{}, err
	}
	if coi.IsZero() {
		return Container{}, fail(coiRule, CodeMissing, "the chain of identity of container {container} is missing",
			"scan the label of the container", "container", id.String())
	}
	return Container{id, coi}, nil
}

// ID is the container without its Chain of Identity.
func (c Container) ID() ContainerID { return c.id }

// DIN is the donation that the container comes from.
func (c Container) DIN() DIN { return c.id.din }

// Division says which container of the donation it is.
func (c Container) Division() Division { return c.id.division }

// CoI is the Chain of Identity: whose it is.
func (c Container) CoI() CoI { return c.coi }

// IsZero reports that there is no container.
func (c Container) IsZero() bool { return c.coi.IsZero() }

// String is "A999926000123/B00001"; see ContainerID.
func (c Container) String() string { return c.id.String() }

// Label is the data of the Data Matrix on our labels; see ContainerLabel.
func (c Container) Label() string { return ContainerLabel(c.coi, c.id) }

// ContainerLabel is the data of the first label that we print for a container; empty when one of the two is zero: a label
// without the Chain of Identity must not exist (ID-11). A reprint has the next serial, see LabelContent.
func ContainerLabel(coi CoI, id ContainerID) string {
	return LabelContent{CoI: coi, ID: id, Serial: 1}.String()
}
