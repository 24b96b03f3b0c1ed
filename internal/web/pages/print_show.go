package pages

import (
	"net/http"

	"rexbatch/internal/quantity"
	"rexbatch/internal/web/prints"
)

// printPage is how far the print of a record is.
type printPage struct {
	frame
	Strip    strip
	Batch    string
	Language string
	Percent  int
	Finished bool
	File     string
	Size     string // in MB
	Until    string
	Record   string
}

// printShow is GET /batches/:batch/record-print/:print. The page asks for itself again until the print is finished.
func (v *visit) printShow() error {
	state, err := v.desk.Print(v.Param("batch"), v.Param("print"))
	if err != nil {
		return err
	}
	b, err := v.plant().Batches.Load(v.ctx(), v.Param("batch"))
	if err != nil {
		return err
	}
	p := printPage{
		frame: v.frame("print", v.T("print.title")+" "+b.Number), Strip: v.strip(b, v.releaser()), Batch: b.Number, Language: languageNames[state.Key.Lang],
		Percent: percent(state), Finished: state.Finished, Until: moment(state.Until, v.zone()),
		File: "/batches/" + b.Number + "/record-print/" + state.ID + "/pdf", Record: "/batches/" + b.Number + "/record",
	}
	if state.Finished {
		p.Size = quantity.New(int64(state.Size/100_000), -1, "").FormatNumber(v.lang)
	} else {
		v.Response().Header().Set("Refresh", "1")
	}
	return v.render(http.StatusOK, "print", p)
}

// percent is how much of a print is done; it is never full before the file is there.
func percent(s prints.State) int {
	switch {
	case s.Finished:
		return 100
	case s.Total == 0:
		return 0
	}
	return min(99, 100*s.Done/s.Total)
}
