package label

import (
	"fmt"
	"strings"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
)

// Label is a label that is laid out: the label itself and, where not everything fits, its accompanying document.
type Label struct {
	Template string // id and version, e.g. "product-blinded v1"
	Content  isbt128.LabelContent
	Sheets   []*paper.Sheet // the first one is the label
	Moved    []string       // wordings that stand on the accompanying document
	facts    Facts
}

// FitError says that a label does not hold what it must say.
type FitError struct {
	Template, Language, Text string
}

// Error names the text.
func (e *FitError) Error() string {
	return fmt.Sprintf("label %s in %s: no room for %q", e.Template, e.Language, e.Text)
}

// Lay lays a label out.
func (s *Set) Lay(f Facts) (*Label, error) {
	t, err := s.Template(f.Kind, f.Product, f.Blinded)
	if err != nil {
		return nil, err
	}
	if f.Content.Expiry == "" && t.Product {
		f.Content.Expiry = f.expiry005()
	}
	inGS1 := !f.GTIN.IsZero() && f.Shipment == ""
	if inGS1 {
		f.Content.GTIN, f.Content.Batch = f.GTIN, f.Batch
	}
	t, err = t.in(f.Content.GTIN)
	if err != nil {
		return nil, err
	}
	l := &Label{Template: fmt.Sprintf("%s v%d", t.ID, t.Version), Content: f.Content, facts: f}
	sheet := paper.NewSheet(t.Size.Width, t.Size.Height)
	if l.Code() == "" {
		return nil, ledger.Refuse(ledger.Unmet, "LB-3", "no-fact", "the label cannot be printed without {fact}", "enter what is missing, then print", "fact", "code", "wording", f.Kind)
	}
	linear := f.Content.Linear()
	if f.Shipment != "" {
		linear = f.Shipment
	}
	switch {
	case inGS1 && t.Linear.Module > 0:
		sheet.GS1128(linear, t.Linear.X, t.Linear.Y, t.Linear.Module, t.Linear.Height)
		fallthrough
	case inGS1:
		sheet.GS1DataMatrix(l.Code(), t.Matrix.X, t.Matrix.Y, t.Matrix.Module)
	default:
		sheet.DataMatrix([]byte(l.Code()), t.Matrix.X, t.Matrix.Y, t.Matrix.Module)
		sheet.Code128(linear, t.Linear.X, t.Linear.Y, t.Linear.Module, t.Linear.Height)
	}
	t.drawMark(sheet, f)
	l.Sheets = []*paper.Sheet{sheet}
	c := composer{set: s, template: t, facts: f, values: f.values()}
	var moved []Line
	for _, b := range t.Blocks {
		over, err := c.block(sheet, b)
		if err != nil {
			return nil, err
		}
		moved = append(moved, over...)
	}
	for _, line := range moved {
		l.Moved = append(l.Moved, line.Say)
	}
	for len(moved) > 0 && err == nil {
		moved, err = c.accompany(l, moved)
	}
	if err != nil {
		return nil, err
	}
	for _, sheet := range l.Sheets {
		if sheet.Err() != nil {
			return nil, sheet.Err()
		}
	}
	return l, nil
}

func (t *Template) drawMark(s *paper.Sheet, f Facts) {
	m := MarkOf(f.Content.CoI)
	m.draw(s, t.Mark.X, t.Mark.Y, t.Mark.Size)
	style := paper.Style{Bold: true, Mono: true}
	x := t.Mark.X + (t.Mark.Size-paper.TextWidth(t.Mark.Code, style, m.Code))/2
	s.Text(max(x, 0.3), t.Mark.Y+t.Mark.Size+1+paper.Capital(t.Mark.Code, style), t.Mark.Code, style, m.Code)
}

type composer struct {
	set      *Set
	template *Template
	facts    Facts
	values   map[string]string
}

// text is one line of print.
type text struct {
	line  Line
	words string
	check string // boxed behind the words
}

// texts are what the lines of a block say, as far as they apply.
func (c *composer) texts(lines []Line) ([]text, error) {
	var out []text
	for _, l := range lines {
		if l.When != "" && c.values[l.When] == "" {
			continue
		}
		t := text{line: l}
		var err error
		switch {
		case l.Identifier == elements:
			t.words = c.values[elements]
		case l.Identifier != "":
			l.Mono, l.Bold = true, true
			t.line = l
			printed := c.values[l.Identifier]
			at := strings.LastIndex(printed, unbroken)
			if at < 0 {
				return nil, fmt.Errorf("label %s: there is no %s", c.template.ID, l.Identifier)
			}
			t.words, t.check = printed[:at], printed[at+len(unbroken):]
		case l.Say == "title" && c.facts.Name != "":
			t.words = c.facts.Name
		case l.Say == "title":
			t.words, err = c.set.wording(c.facts.Language, "kind."+c.facts.Kind, c.values)
		default:
			t.words, err = c.set.wording(c.facts.Language, l.Say, c.values)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// block sets the lines of a block. All become smaller together, down to LeastPoints; what may stand elsewhere then
// moves, from the last line on, and is returned.
func (c *composer) block(s *paper.Sheet, b Block) ([]Line, error) {
	texts, err := c.texts(b.Lines)
	if err != nil {
		return nil, err
	}
	var moved []Line
	for {
		for shrink := 1.0; shrink > 0.5; shrink -= 0.05 {
			set, fits := settle(texts, b.Width, b.Height, shrink)
			if fits {
				set.draw(s, b)
				return moved, nil
			}
		}
		i := len(texts) - 1
		for i >= 0 && !texts[i].line.Accompany {
			i--
		}
		if i < 0 {
			return nil, c.noRoom(texts)
		}
		moved = append([]Line{texts[i].line}, moved...)
		texts = append(texts[:i:i], texts[i+1:]...)
	}
}

func (c *composer) noRoom(texts []text) error {
	e := &FitError{Template: c.template.ID, Language: c.facts.Language}
	for _, t := range texts {
		if len(t.words) > len(e.Text) {
			e.Text = t.words
		}
	}
	return e
}

// accompany puts lines on a further sheet of the same size. It bears the identifiers and the mark, but no code.
func (c *composer) accompany(l *Label, lines []Line) ([]Line, error) {
	t := c.template
	s := paper.NewSheet(t.Size.Width, t.Size.Height)
	t.drawMark(s, c.facts)
	left := max(t.Mark.X+t.Mark.Size, paper.TextWidth(t.Mark.Code, paper.Style{Bold: true, Mono: true}, "WWWW")+0.3) + 1.5
	size := 7.0
	head := []Line{{Say: "accompanies", Size: size, Bold: true}, {Identifier: "coi", Size: size}, {Say: "subject", Size: size}, {Say: "batch", Size: size}}
	for i := range lines {
		lines[i].Accompany = true
	}
	if c.template.Size.Height < 35 {
		head = head[:2]
	}
	over, err := c.block(s, Block{X: left, Y: 1.5, Width: t.Size.Width - left - 1.5, Height: t.Size.Height - 3, Lines: append(head, lines...)})
	if err == nil && len(over) == len(lines) {
		err = &FitError{Template: t.ID, Language: c.facts.Language, Text: lines[0].Say}
	}
	l.Sheets = append(l.Sheets, s)
	return over, err
}

// setting is a block that fits.
type setting struct{ rows []row }

type row struct {
	text   text
	points float64
	words  string
	last   bool // of its text
	height float64
}

const (
	leading   = 1.2 // of the size, to the next line
	boxGap    = 0.7 // before the box of a check character
	boxPad    = 0.35
	writeRoom = 30.0 // millimetres to write in, at least
)

func (t text) style() paper.Style { return paper.Style{Bold: t.line.Bold, Mono: t.line.Mono} }

// settle breaks texts into rows at a size; false when they do not fit.
func settle(texts []text, width, height, shrink float64) (setting, bool) {
	var out setting
	total := 0.0
	for _, t := range texts {
		points := max(t.line.Size*shrink, LeastPoints)
		limit := width
		if t.line.White {
			limit -= 2 * boxPad
		}
		if t.check != "" {
			limit -= boxGap + 2*boxPad + paper.TextWidth(points, t.style(), t.check)
		}
		if t.line.Blank {
			limit -= writeRoom
		}
		broken, ok := wrap(t.words, points, t.style(), limit)
		if !ok {
			return setting{}, false
		}
		for i, words := range broken {
			r := row{text: t, points: points, words: words, last: i == len(broken)-1, height: points * leading * 25.4 / 72}
			if t.line.White || t.line.Blank || t.check != "" {
				r.height += 2 * boxPad
			}
			out.rows = append(out.rows, r)
			total += r.height
		}
	}
	return out, total <= height
}

// wrap breaks at spaces only; false when a word is wider than the line.
func wrap(words string, points float64, style paper.Style, limit float64) ([]string, bool) {
	var out []string
	current := ""
	for _, word := range strings.Split(words, " ") {
		if paper.TextWidth(points, style, word) > limit {
			return nil, false
		}
		candidate := word
		if current != "" {
			candidate = current + " " + word
		}
		if paper.TextWidth(points, style, candidate) > limit {
			out, candidate = append(out, current), word
		}
		current = candidate
	}
	return append(out, current), true
}

// draw sets the rows from the top of the block.
func (set setting) draw(s *paper.Sheet, b Block) {
	y := b.Y
	for _, r := range set.rows {
		style := r.text.style()
		capital := paper.Capital(r.points, style)
		base := y + (r.height+capital)/2
		wide := paper.TextWidth(r.points, style, r.words)
		switch {
		case r.text.line.White:
			s.Fill(b.X, y, wide+2*boxPad, r.height)
			s.White(b.X+boxPad, base, r.points, style, r.words)
		default:
			s.Text(b.X, base, r.points, style, r.words)
		}
		if r.text.check != "" && r.last {
			x := b.X + wide + boxGap
			s.Frame(x, base-capital-boxPad, paper.TextWidth(r.points, style, r.text.check)+2*boxPad, capital+2*boxPad)
			s.Text(x+boxPad, base, r.points, style, r.text.check)
		}
		if r.text.line.Blank {
			s.Fill(b.X+wide+1, base+0.3, b.Width-wide-1, 0.2)
		}
		y += r.height
	}
}

// number is that of what bears the label.
func (l *Label) number() string {
	if l.facts.Shipment != "" {
		return l.facts.Shipment
	}
	return strings.ReplaceAll(l.facts.Content.ID.Print(), unbroken, " ")
}

// Code is what the Data Matrix of the label says.
func (l *Label) Code() string {
	if l.facts.Shipment != "" {
		return l.facts.Shipment
	}
	return l.Content.String()
}

// PDF is the label, and its accompanying document, as pages of their own size.
func (l *Label) PDF() ([]byte, error) {
	return paper.SheetsPDF(paper.Options{
		Title: "Label " + l.number(), Author: l.facts.Manufacturer, Created: l.facts.Issued, Lang: l.facts.Language,
	}, l.Sheets...)
}

// ZPL is the label, and its accompanying document, for a label printer.
func (l *Label) ZPL(perMM float64, way paper.ZPLWay) ([]byte, error) {
	var out []byte
	for _, s := range l.Sheets {
		one, err := s.ZPL(perMM, way)
		if err != nil {
			return nil, err
		}
		out = append(out, one...)
	}
	return out, nil
}
