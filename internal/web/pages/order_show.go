package pages

import (
	"net/http"
	"strings"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// orderPage is what was ordered for a batch, how it was amended, and what may be done about it.
type orderPage struct {
	frame
	Strip                     strip
	Batch, Subject            string
	Seen                      uint64
	Backup, Slot              string
	Values                    []orderField
	Amendments                []amendmentView
	Amends, Plans, Cancels    bool
	Patient                   bool // the person may open the patient's page
	Move                      slotForm
	Reason, Form, ReasonShown string
	Cancelled                 *cancelledView // nil while the order stands
}

// cancelledView is that an order was cancelled: by whom, when and why.
type cancelledView struct{ Text, Reason string }

type amendmentView struct {
	Changes        []changeView
	Reason, Signed string
}

type changeView struct{ Label, From, To string }

// orderShow is GET /batches/:batch/order.
func (v *visit) orderShow() error { return v.orderPage(http.StatusOK) }

func (v *visit) orderPage(code int, problems ...Problem) error {
	b, t, err := v.load()
	if err != nil {
		return err
	}
	c, err := v.plant().Custody.Calendar(v.ctx())
	if err != nil {
		return err
	}
	p := orderPage{
		frame: v.frame("order", v.T("orderpage.title")+" "+b.Number, problems...), Strip: v.strip(b, people.Investigator), Batch: b.Number, Subject: b.Subject,
		Seen: b.Version, Backup: t.Backup, Patient: v.knows() || v.reads(), Reason: v.FormValue("reason"), Form: v.FormValue("form"),
	}
	if had, ok := c.Of(b.CoI); ok {
		p.Slot = v.slotText(had.Slot)
	}
	names := map[string]string{}
	n := namer{visit: v, batch: b}
	st, _ := b.Step("S01")
	for _, f := range v.orderFields(b.Recipe, v.FormValue) {
		if now, ok := st.Fields[f.ID].Current(); ok {
			f.Was = n.value(now.Value.String(), "S01."+f.ID)
		}
		names[f.ID] = f.Label
		p.Values = append(p.Values, f)
	}
	for _, a := range t.Amendments {
		one := amendmentView{Reason: a.Reason, Signed: v.T("orderpage.signed", "name", a.Signature.Name, "role", v.word("role", a.Signature.Role), "at", moment(a.At, v.zone()))}
		for _, c := range a.Changes {
			one.Changes = append(one.Changes, changeView{names[c.Field], v.orderValue(b, c.Field, c.From), v.orderValue(b, c.Field, c.To)})
		}
		p.Amendments = append(p.Amendments, one)
	}
	if e := b.Ending; e != nil && e.Cause == batch.EndCancelled {
		p.Cancelled = &cancelledView{v.T("orderpage.cancelled", "name", v.full(e.By), "at", moment(e.At, v.zone())), e.Reason}
	}
	alive := b.Ending == nil && b.ClosedAt.IsZero()
	investigator := ledger.Author{Account: v.desk.Session.Account, Role: string(people.Investigator)}
	p.Amends = v.has(people.Investigator) && b.MayAmend(investigator) == nil
	p.Plans = alive && (v.desk.Session.May(people.OpenOrder) || v.desk.Session.May(people.Schedule))
	p.Cancels = alive && !collected(b) && v.desk.Session.May(people.OpenOrder)
	p.Move, err = v.slotForm()
	if err != nil {
		return err
	}
	return v.render(code, "order", p)
}

// orderValue is a value of the order step as people read it, from its canonical form.
func (v *visit) orderValue(b *batch.Batch, field, text string) string {
	st, ok := b.Step("S01")
	if !ok || st.Fields[field] == nil {
		return text
	}
	f, value := st.Fields[field].Field, batch.Value{Text: text}
	number, _, _ := strings.Cut(text, " ")
	q, err := quantity.ParseCanonical(number, f.Unit)
	if err == nil && (f.Type == mbr.TypeDecimal || f.Type == mbr.TypeInt) {
		value = batch.Value{Number: &q}
	}
	return v.shown(f, value)
}

// onOrder does a command on the order and goes back to its page.
func (v *visit) onOrder(done string, may func(people.Role) bool, do func(*batch.Batch, ledger.Author) error) error {
	b, err := v.plant().Batches.Load(v.ctx(), v.Param("batch"))
	if err != nil {
		return err
	}
	author, err := v.as(may)
	if err == nil {
		err = do(b, author)
	}
	if err != nil {
		return v.orderPage(status(err), v.problems(err, b)...)
	}
	return v.to("/batches/" + b.Number + "/order?done=" + done)
}

// orderAmend is POST /batches/:batch/order/amend: the investigator signs what is different (scenario 52).
func (v *visit) orderAmend() error {
	return v.onOrder("amended", isInvestigator, func(b *batch.Batch, by ledger.Author) error {
		return v.plant().Batches.Amend(v.ctx(), by, b.Number, v.seen(), v.typedValues(b.Recipe), v.FormValue("reason"), v.desk.Signer(by.Role, v.FormValue("password")))
	})
}

func isInvestigator(r people.Role) bool { return r == people.Investigator }

// orderSlot is POST /batches/:batch/order/slot.
func (v *visit) orderSlot() error {
	may := func(r people.Role) bool { return r.May(people.OpenOrder) || r.May(people.Schedule) }
	return v.onOrder("slot", may, func(b *batch.Batch, by ledger.Author) error {
		return v.plant().Custody.Reserve(v.ctx(), by, v.zone(), b.CoI, v.typedSlot())
	})
}

// orderCancel is POST /batches/:batch/order/cancel.
func (v *visit) orderCancel() error {
	return v.onOrder("stopped", having(people.OpenOrder), func(b *batch.Batch, by ledger.Author) error {
		return v.plant().Batches.AskToStop(v.ctx(), by, b.Number, v.seen(), batch.EndCancelled, v.FormValue("reason"))
	})
}
