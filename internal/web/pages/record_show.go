package pages

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

// recordPage is every entry of a batch in order: the record itself, with first values and corrections.
type recordPage struct {
	frame
	Strip   strip
	Entries []entryView
	Record  string
	Batch   string
	Only    bool     // changed values alone
	Prints  []choice // languages in which it is printed, that of the plant first
}

// entryView is one entry.
type entryView struct {
	Seq                      uint64
	UTC, At                  string
	Who, Account, Role, From string
	Type, Step, Field        string
	Value, Was, Reason       string
	Formula                  string
	Tone                     string

	step string // its id
}

// fact is what the entries of a batch hold, as far as a line shows it.
type fact struct {
	Step, Field    string
	Value          captured
	Source         string
	Reason         string
	Formula        string
	Want, Got      string
	Containers     []string
	Exception      string
	Classification string
	Assessment     string
	Act            string
	Scanned        string
	course
}

// course is what the entries hold with which a batch leaves the straight way, or is held against its plant.
type course struct {
	Text, Cause, What, How       string
	Decision                     said
	Lot, Device, Area, Container string
	Ref, Number, Deviation       string
	Fields, Exceptions, Children []string
	Quantity                     *quantity.Quantity
	Due, Risk, CAPA, Failed      string
	Serial                       counted
	Programme                    string
}

// counted is the number of a print, or that of a paper pack, which is no plain one.
type counted string

// UnmarshalJSON takes a number or a text.
func (c *counted) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		return json.Unmarshal(raw, (*string)(c))
	}
	if string(raw) != "0" && string(raw) != "null" {
		*c = counted("#" + string(raw))
	}
	return nil
}

// captured is the value of a field; a remark names the value that it speaks of as text, which is not one.
type captured struct{ *batch.Value }

// UnmarshalJSON takes a value, and leaves aside what is none.
func (c *captured) UnmarshalJSON(raw []byte) error {
	if len(raw) == 0 || raw[0] != '{' {
		return nil
	}
	c.Value = &batch.Value{}
	return json.Unmarshal(raw, c.Value)
}

// said is a word of an entry; a signature that stands under the same name is none.
type said string

// UnmarshalJSON takes a text, and leaves aside what is none.
func (s *said) UnmarshalJSON(raw []byte) error {
	if len(raw) == 0 || raw[0] != '"' {
		return nil
	}
	return json.Unmarshal(raw, (*string)(s))
}

// recordShow is GET /batches/:batch/record.
func (v *visit) recordShow() error {
	b, err := v.plant().Batches.Load(v.ctx(), v.Param("batch"))
	if err != nil {
		return err
	}
	p := recordPage{
		frame: v.frame("record", v.T("record.title")+" "+b.Number), Strip: v.strip(b, v.releaser()), Record: b.Record.String(),
		Batch: b.Number, Only: v.QueryParam("only") == "changed", Prints: v.printLanguages(),
	}
	last := map[string]string{}
	for e, err := range v.plant().Log.Stream(v.ctx(), batch.Stream(b.Number), 0) {
		if err != nil {
			return err
		}
		line, err := v.entry(b, e, last)
		if err != nil {
			return err
		}
		if !p.Only || line.Was != "" || line.Tone != "" {
			p.Entries = append(p.Entries, line)
		}
	}
	return v.render(http.StatusOK, "record", p)
}

// entry is one line of the record. last holds the newest value of each field up to here.
func (v *visit) entry(b *batch.Batch, e ledger.Entry, last map[string]string) (entryView, error) {
	var d fact
	err := json.Unmarshal(e.Data, &d)
	if err != nil {
		return entryView{}, err
	}
	n := namer{visit: v, batch: b}
	out := entryView{
		Seq: e.Seq, UTC: momentUTC(e.Time), At: moment(e.Time, v.zone()), Who: v.full(e.Author.Account), Account: e.Author.Account,
		Role: v.word("role", e.Author.Role), From: e.Author.Terminal, Type: v.word("entry", strings.TrimPrefix(e.Type, "batch.")), Reason: d.Reason,
	}
	if d.Step != "" {
		out.Step, out.step = n.step(d.Step), d.Step
	}
	f := n.fieldOf(d.Field, d.Step)
	if f != nil {
		out.Field = f.Label.In(v.lang)
	}
	switch {
	case d.Value.Value != nil && v.desk.Hides(b, d.Step, d.Field):
		out.Value = v.T("record.unseen")
	case d.Value.Value != nil:
		out.Value = v.shown(f, *d.Value.Value)
		out.Formula = d.Formula
		ref := d.Step + "." + d.Field
		if f == nil || !f.Each { // a scan of the next container is no change
			out.Was = last[ref]
		}
		last[ref] = out.Value
		if out.Was == out.Value {
			out.Was = ""
		}
		if out.Was != "" {
			out.Tone = "att"
		}
	case d.Got != "":
		out.Value, out.Was, out.Tone = n.code(d.Got), "", "stop"
		out.Reason = v.T("record.expected", "want", n.code(d.Want))
	case len(d.Containers) > 0:
		ids := make([]string, len(d.Containers))
		for i, id := range d.Containers {
			ids[i] = printed(id)
		}
		out.Value = strings.Join(ids, ", ")
	case d.Exception != "":
		out.Field, out.Value, out.Reason = n.exception(d.Exception), v.word("classification", d.Classification), d.Assessment
	case d.Act != "":
		out.Value = v.word("act", d.Act)
	case d.Scanned != "":
		out.Value = printed(d.Scanned)
	default:
		v.courseEntry(n, &out, d.course)
	}
	return out, nil
}

// courseEntry fills a line from an entry of the batch's course.
func (v *visit) courseEntry(n namer, out *entryView, d course) {
	parts := []string{d.Number, d.Deviation, d.Lot, d.Device, d.Programme, d.Area, printed(d.Container)}
	if d.Serial != "" {
		parts = append(parts, string(d.Serial))
	}
	if d.Quantity != nil && !d.Quantity.IsZero() && !v.blind(n.batch, out.step) {
		parts = append(parts, v.quantity(*d.Quantity))
	}
	if d.How != "" {
		parts = append(parts, v.word("disposition", d.How))
	}
	if d.Decision != "" {
		parts = append(parts, v.word("resumption", string(d.Decision)))
	}
	if len(d.Fields) > 0 {
		parts, out.Tone = append(parts, n.fields(strings.Join(d.Fields, ", "), out.step)), "att"
	}
	parts = append(parts, strings.Join(d.Children, ", "), n.cause(d.Cause), d.Text, d.Due, d.Risk, d.CAPA)
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	out.Value = strings.Join(parts, " · ")
	if d.Failed != "" {
		out.Reason, out.Tone = d.Failed, "att"
	}
	if out.Reason == "" {
		out.Reason = d.What
	}
	if x, ok := n.batch.Deviation(d.Number); ok {
		out.Reason = v.deviationText(n.batch, x)
	}
}

// blind tells whether the person enters values of a step again without seeing the first ones.
func (v *visit) blind(b *batch.Batch, step string) bool {
	st, ok := b.Step(step)
	return ok && v.desk.Blind(b, st) != nil
}
