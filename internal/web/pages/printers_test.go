package pages_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// twoPrinters is two printers: one is out of paper, of the other nothing is asked.
type twoPrinters struct{ tested []string }

func (p *twoPrinters) Printers() []desk.Printer {
	return []desk.Printer{{Area: "", Address: "10.1.2.4:9100", DPI: 203, Asks: true}, {Area: "SVQ-A1", Address: "10.1.2.3:9100", DPI: 300}}
}

func (p *twoPrinters) Ask(_ context.Context, area string) string {
	return map[string]string{"": "paper-out", "SVQ-A1": desk.Silent}[area]
}

func (p *twoPrinters) Test(_ context.Context, area string) error {
	if area == "" {
		return errors.New("printer: paper-out")
	}
	p.tested = append(p.tested, area)
	return nil
}

// Print is the printer without paper.
func (p *twoPrinters) Print(context.Context, batch.PrintJob) error {
	return errors.New("printer: paper-out")
}

// slowPrinter has a label on paper when somebody lets it, or the program ends.
type slowPrinter struct{ let chan struct{} }

func (p *slowPrinter) Print(ctx context.Context, _ batch.PrintJob) error {
	select {
	case <-p.let:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// A printer that is slow keeps nobody waiting for a page, prints nothing twice, and each label says on the open page when it
// is on paper.
func TestSlowPrinterKeepsNoPageWaiting_LB1(t *testing.T) {
	c := seville(t, "en")
	printer := &slowPrinter{let: make(chan struct{})}
	c.plant.Batches.Printer = printer
	t.Cleanup(c.plant.Spool.Stop)
	number := c.open("ES01-003")
	c.play(number, "S03")
	require.NoError(t, c.Batches.Enter(t.Context(), c.author(people.Logistics, false), number, 0, "S03", "tube_labels", batch.Input{Text: "2"}))
	logistics := c.who(people.Logistics, false)
	person := c.browser().signIn(logistics)
	at := "/batches/" + number + "/steps/S03/labels"
	person.post(at, "seen", "0").ok().has("queued")
	again := person.post(at+"/print", "seen", "0")
	require.Equal(t, http.StatusConflict, again.status)
	again.has("being printed now")
	b := newTab(t, c.server.URL, terminal)
	b.signIn(logistics)
	b.open(at)
	b.is(`document.querySelectorAll('.label-state .state').length > 1`)
	close(printer.let)
	b.is(`[...document.querySelectorAll('.label-state .state')].every((s) => s.textContent.includes("printed, scan it back"))`)
	b.shot("labels-live")
}

// changingPrinter is a printer whose state changes while people look.
type changingPrinter struct {
	mu      sync.Mutex
	says    string
	sending int
	let     chan error
}

func (p *changingPrinter) Printers() []desk.Printer {
	p.mu.Lock()
	defer p.mu.Unlock()
	return []desk.Printer{{Address: "10.1.2.4:9100", DPI: 203, Asks: true, Sending: p.sending}}
}

func (p *changingPrinter) Ask(context.Context, string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.says
}

func (p *changingPrinter) Test(context.Context, string) error { return nil }

func (p *changingPrinter) Print(context.Context, batch.PrintJob) error {
	p.is(func() { p.sending++ })
	defer p.is(func() { p.sending-- })
	return <-p.let
}

func (p *changingPrinter) is(what func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	what()
}

// What becomes of printers and labels is seen on the open page without a reload: no paper, ready, sending, unknown, on paper (LB-1).
func TestPrintersPageIsLive_Screens22(t *testing.T) {
	c := seville(t, "en")
	printer := &changingPrinter{let: make(chan error)}
	c.plant.Printers, c.plant.Batches.Printer = printer, printer
	t.Cleanup(c.plant.Spool.Stop)
	number := c.open("ES01-003")
	c.play(number, "S03")
	logistics := c.author(people.Logistics, false)
	require.NoError(t, c.Batches.Enter(t.Context(), logistics, number, 0, "S03", "tube_labels", batch.Input{Text: "1"}))
	b := newTab(t, c.server.URL, desktop)
	b.signIn(c.who(people.ProductionLead, false))
	b.open("/printers")
	eval[bool](b, `window.stays = true`)
	state := func(word string) {
		t.Helper()
		b.is(`document.querySelector('[data-part="printer--"]').textContent.includes("` + word + `")`)
	}
	waits := func(word string) {
		t.Helper()
		b.is(`document.querySelector('[data-part="printer-waiting"]').textContent.includes("` + word + `")`)
	}
	state("ready")
	waits("No label waits for a printer")
	printer.is(func() { printer.says = "paper-out" })
	state("no paper")
	printer.is(func() { printer.says = "" })
	state("ready")
	require.NoError(t, c.Batches.Labels(t.Context(), logistics, number, 0, "S03"))
	waits("queued")
	b.is(`document.querySelector('[data-part="queue--"]').textContent === "2"`)
	ended := make(chan error, 1)
	go func() { ended <- c.Batches.Print(context.WithoutCancel(t.Context()), logistics, number, "S03") }()
	waits("being printed")
	state("sending")
	b.shot("printers-sending")
	printer.let <- unsurePrinter{}
	waits("nobody knows whether it came out")
	printer.let <- nil
	require.NoError(t, <-ended)
	b.is(`!document.querySelector('[data-part="printer-waiting"]').textContent.includes("being printed")`)
	state("ready")
	b.is(`document.querySelector('[data-part="queue--"]').textContent === "1"`)
	require.True(t, eval[bool](b, `window.stays === true`), "the page was never loaded anew")
}

// unsurePrinter takes a label and then says nothing.
type unsurePrinter struct{}

func (p unsurePrinter) Print(context.Context, batch.PrintJob) error { return p }
func (unsurePrinter) Error() string                                 { return "printer: stalled" }
func (unsurePrinter) MayBeOnPaper() bool                            { return true }

// Of a label that may be on paper the page asks a person to look, and has the two ways on: to scan it, or to print a new one with a
// reason and a second person. It is not printed again as though nothing had been (LB-1).
func TestLabelThatMayBeOnPaperIsLookedFor_LB1(t *testing.T) {
	c := seville(t, "es")
	c.plant.Batches.Printer = unsurePrinter{}
	number := c.open("ES01-003")
	c.play(number, "S03")
	logistics := c.author(people.Logistics, false)
	require.NoError(t, c.Batches.Enter(t.Context(), logistics, number, 0, "S03", "tube_labels", batch.Input{Text: "2"}))
	at := "/batches/" + number + "/steps/S03/labels"
	c.browser().signIn(logistics.Account).post(at, "seen", "0").ok().
		has("no se sabe si salió: mire la impresora", "Salió y está bien: péguela y escanéela", "No salió o está estropeada", `action="`+at+`/scan"`, "Destruir e imprimir otra").hasNot(`action="` + at + `/print"`)
	c.browser().signIn(c.who(people.ProductionLead, false)).get("/printers").ok().has("no se sabe si salió")
}

// The page says what each printer says, and which labels are not on paper; who sets up the system sees no way into a record.
func TestPrintersPage_Screens22(t *testing.T) {
	c := seville(t, "es")
	printers := &twoPrinters{}
	c.plant.Printers, c.plant.Batches.Printer = printers, printers
	number := c.open("ES01-003")
	c.play(number, "S03")
	logistics := c.author(people.Logistics, false)
	require.NoError(t, c.Batches.Enter(t.Context(), logistics, number, 0, "S03", "tube_labels", batch.Input{Text: "2"}))
	require.NoError(t, c.Batches.Labels(t.Context(), logistics, number, 0, "S03"))
	lead := c.browser().signIn(c.who(people.ProductionLead, false))
	lead.get("/printers").ok().has("sin papel", "no se consulta su estado", "10.1.2.3:9100", "en cola", "/batches/"+number+"/steps/S03/labels")
	require.NoError(t, c.Batches.Print(t.Context(), logistics, number, "S03"))
	lead.get("/printers").ok().has("printer: paper-out")
	lead.post("/printers/SVQ-A1/test").ok().has("La página de prueba se envió a la impresora")
	require.Equal(t, []string{"SVQ-A1"}, printers.tested)
	require.Equal(t, http.StatusConflict, lead.post("/printers/-/test").status)
	require.Equal(t, http.StatusNotFound, lead.post("/printers/ELSEWHERE/test").status)
	require.Equal(t, http.StatusForbidden, c.browser().signIn(c.who(people.Operator, false)).get("/printers").status)
	if b := newTab(t, c.server.URL, desktop); b.dir != "" {
		b.tour("printers", []show{{"printers", c.who(people.ProductionLead, false), "/printers", "light", true}})
		newTab(t, c.server.URL, phone).tour("printers-phone", []show{{"printers", c.who(people.ProductionLead, false), "/printers", "dark", true}})
	}
}
