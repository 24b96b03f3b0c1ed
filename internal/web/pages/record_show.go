package pages

import (
	"encoding/json"
	"net/http"
	"strings"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
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
}

// fact is what the entries of a batch hold, as far as a line shows it.
type fact struct {
	Step, Field    string
	Value          *batch.Value
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
		out.Step = n.step(d.Step)
	}
	f := n.fieldOf(d.Field, d.Step)
	if f != nil {
		out.Field = f.Label.In(v.lang)
	}
	switch {
	case d.Value != nil:
		out.Value = v.shown(f, *d.Value)
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
	}
	return out, nil
}
