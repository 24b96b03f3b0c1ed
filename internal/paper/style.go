package paper

// Size is one of the four text sizes.
type Size int

// The four sizes of all documents.
const (
	Body  Size = iota // 8.5 pt: text and values
	Small             // 7 pt: second language, notes, digests
	Head              // 10.5 pt: section headings
	Title             // 16 pt: the name of the document
)

const (
	mmPerPoint = 25.4 / 72
	pointPerMM = 72 / 25.4

	inkBlack = 0
	inkGrey  = 95  // dark enough for a copy of a copy: contrast 6.4:1 on white
	inkRule  = 140 // rules between rows step back behind the text
	hairline = 0.15
	strong   = 0.5

	strikeHeight = 0.42  // of the capitals: through the middle of figures and of small letters
	strikeWeight = 0.025 // of the size in points: what is crossed out stays legible
)

// Style is how a text looks. The zero value is body text, regular, black.
type Style struct {
	Size   Size
	Bold   bool // semi-bold, the second of two weights
	Mono   bool // identifiers and values
	Muted  bool // grey, for the second language and for notes; never for values
	Struck bool // crossed out and still legible: a value that another one replaced (DI-10)

	shrink float64 // factor in (0,1] by which a line was made smaller to fit; 0 means 1
}

// points is the font size.
func (s Style) points() float64 {
	p := [...]float64{Body: 8.5, Small: 7, Head: 10.5, Title: 16}[s.Size]
	if s.Mono {
		p *= 0.94 // Plex Mono looks larger than Plex Sans at the same size
	}
	if s.shrink > 0 {
		p *= s.shrink
	}
	return p
}

// leading is the distance of two base lines in millimetres.
func (s Style) leading() float64 {
	return Style{Size: s.Size, shrink: s.shrink}.points() * 1.36 * mmPerPoint
}

// capital is the height of capitals in millimetres.
func (s Style) capital() float64 { return faces()[s.fontKey()][0].capital * s.points() * mmPerPoint }

// baseLine is the distance of the base line from the top of the line in millimetres.
func (s Style) baseLine() float64 { return (s.leading() + s.capital()) / 2 }

func (s Style) fontKey() Style { return Style{Bold: s.Bold, Mono: s.Mono} }

// Text is a piece of text in one style. Line feeds start a new line; long lines wrap.
type Text struct {
	S     string
	Style Style
	Boxed string // a check character printed in a frame behind the text, as ISBT 128 does; usually empty
}

// Cell is what stands in one cell of a table: texts one below the other.
type Cell []Text
