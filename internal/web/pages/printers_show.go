package pages

import (
	"net/http"
	"sync"

	"rexbatch/internal/web/desk"
)

// printersPage is the label printers of the plant, what each says about itself now, and the labels that are not on paper.
type printersPage struct {
	frame
	Printers []printerLine
	Waiting  []waitingLine
}

type printerLine struct {
	desk.Printer
	Path  string // how the area is written in addresses
	State state
	Queue int // labels of its area that are not on paper
}

type waitingLine struct {
	desk.Waiting
	Link  string // empty where the person reads no records
	State state
}

// printersShow is GET /printers.
func (v *visit) printersShow() error { return v.printersPage(http.StatusOK) }

func (v *visit) printersPage(code int, problems ...Problem) error {
	p := printersPage{frame: v.frame("printers", v.T("printers.title"), problems...)}
	p.Path = "/printers"
	waiting, err := v.desk.Waiting(v.ctx())
	if err != nil {
		return err
	}
	queue := map[string]int{}
	for _, w := range waiting {
		queue[w.Area] += w.Labels
		line := waitingLine{Waiting: w, State: labelStates[w.State]}
		line.State.Word = v.word("label-state", string(w.State))
		if v.reads() {
			line.Link = "/batches/" + w.Batch + "/steps/" + w.Step + "/labels"
		}
		p.Waiting = append(p.Waiting, line)
	}
	if v.plant().Printers != nil {
		for _, one := range v.plant().Printers.Printers() {
			p.Printers = append(p.Printers, printerLine{Printer: one, Path: areaPath(one.Area), Queue: queue[one.Area]})
		}
		v.askPrinters(p.Printers)
	}
	return v.render(code, "printers", p)
}

// askPrinters asks all of them at once: one that is off keeps nobody waiting for the others.
func (v *visit) askPrinters(lines []printerLine) {
	var all sync.WaitGroup
	for i := range lines {
		all.Go(func() {
			cause := v.plant().Printers.Ask(v.ctx(), lines[i].Area)
			lines[i].State = v.printerState(cause, lines[i].Sending)
		})
	}
	all.Wait()
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
