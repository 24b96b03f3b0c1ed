package pages

import (
	"net/http"

	"rexbatch/internal/web/desk"
)

// printersPage is the label printers of the plant, what each says about itself now, and the labels that are not on paper.
type printersPage struct {
	frame
	Printers []printerLine
	Waiting  []waitingLine
	Version  uint64 // of what is shown
	Around   string // where the page finds what it shows now
}

type printerLine struct {
	desk.PrinterNow
	Path  string // how the area is written in addresses
	State state
	Queue int // labels of its area that are not on paper
}

type waitingLine struct {
	desk.Waiting
	Link  string // empty where the person reads no records
	State state
}

// printersShow is GET /printers. A page that is open shows what the printers said last: they are asked beside it.
func (v *visit) printersShow() error { return v.printersPage(http.StatusOK) }

// printersOpen is the address at which an open page keeps itself up to date; it asks no printer.
const printersOpen = "/printers?open=yes"

func (v *visit) printersPage(code int, problems ...Problem) error {
	p := printersPage{frame: v.frame("printers", v.T("printers.title"), problems...)}
	p.Path = "/printers"
	waiting, err := v.desk.Waiting(v.ctx())
	if err != nil {
		return err
	}
	if v.QueryParam("open") == "" {
		v.desk.AskPrinters(v.ctx())
	}
	now, queue := v.desk.PrintingNow(waiting), map[string]int{}
	p.Version, p.Around = now.Version, printersOpen
	for _, w := range now.Waiting {
		queue[w.Area] += w.Labels
		line := waitingLine{Waiting: w, State: labelStates[w.State]}
		line.State.Word = v.word("label-state", string(w.State))
		if v.reads() {
			line.Link = "/batches/" + w.Batch + "/steps/" + w.Step + "/labels"
		}
		p.Waiting = append(p.Waiting, line)
	}
	for _, one := range now.Printers {
		p.Printers = append(p.Printers, printerLine{PrinterNow: one, Path: areaPath(one.Area), Queue: queue[one.Area], State: v.printerState(one.Said, one.Sending)})
	}
	return v.render(code, "printers", p)
}

func (v *visit) printerState(cause string, sending int) state {
	switch {
	case sending > 0:
		return state{Icon: "printer", Tone: "now", Word: v.T("printer.sending")}
	case cause == "":
		return state{Icon: "tick", Word: v.T("printer.ready")}
	case cause == desk.Silent:
		return state{Icon: "ring", Word: v.T("printer.silent")}
	}
	return state{Icon: "triangle", Tone: "att", Word: v.word("printer-cause", cause)}
}

// areaPath writes an area into an address; that of no area is a hyphen.
func areaPath(area string) string {
	if area == "" {
		return "-"
	}
	return area
}

// printerTest is POST /printers/:area/test: a page that shows where the printer stands.
func (v *visit) printerTest() error {
	area := v.Param("area")
	if area == "-" {
		area = ""
	}
	err := v.desk.TestPrinter(v.ctx(), area)
	if err != nil {
		return v.printersPage(status(err), v.problems(err, nil)...)
	}
	return v.to("/printers?done=printer-test")
}
