package pages

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/vault"
	"rexbatch/internal/people"
)

// orderForm is a whole order: the patient, the treatment, plant and slot.
type orderForm struct {
	frame
	Subject string
	Knows   bool // may see who a patient is, and so enrols
	Patient patientForm
	Fields  []orderField
	Backups []choice
	Slot    slotForm
}

// patientForm is who a patient is, as typed. It is never shown again from what is stored.
type patientForm struct {
	Number, Family, Given, Birth, Country string
	Born                                  []picker // asks for the birth date
	Ordered                               bool     // the order asks for the country
}

// countryField is the field of the order step that asks for the country of the hospital.
const countryField = "country"

// oldest is how many years back a birth may be.
const oldest = 110

// mostSeen is how many choices are offered side by side; more are a list.
const mostSeen = 4

// orderField is a field of the recipe's order step.
type orderField struct {
	ID, Label, Kind, Unit, Typed, Was string
	Options                           []choice
	Parts                             []picker // of a date or a moment
}

// slotForm asks for a slot, and shows which are taken.
type slotForm struct {
	Day   []picker
	Parts []choice
	Taken []takenSlot
}

type takenSlot struct{ Day, Part, Subject string }

// weeksShown is how far ahead taken slots are listed.
const weeksShown = 4

// orderNew is GET /orders/new.
func (v *visit) orderNew() error { return v.orderForm(http.StatusOK) }

func (v *visit) orderForm(code int, problems ...Problem) error {
	recipe, err := v.plant().Batches.Effective(v.ctx())
	if err != nil {
		return err
	}
	p := orderForm{
		frame: v.frame("order", v.T("order.new"), problems...), Subject: v.FormValue("subject"), Knows: v.knows(),
		Patient: v.typedPatient(), Fields: v.orderFields(recipe, v.FormValue),
	}
	p.Path = "/orders/new"
	for i, f := range p.Fields {
		if f.ID != countryField {
			continue
		}
		p.Patient.Ordered = true // it is asked for once
		for k, o := range f.Options {
			p.Fields[i].Options[k].Chosen = o.Code == p.Patient.Country
		}
	}
	for _, site := range batch.Backups(recipe, v.plant().Site()) {
		p.Backups = append(p.Backups, choice{Code: site, Name: site, Chosen: v.FormValue("backup") == site})
	}
	p.Slot, err = v.slotForm()
	if err != nil {
		return err
	}
	return v.render(code, "order_new", p)
}

// knows tells whether the person may see who a patient of their hospital is.
func (v *visit) knows() bool { return v.desk.Session.May(people.SeeIdentity) }

func (v *visit) typedPatient() patientForm {
	country := v.FormValue("country")
	if country == "" {
		country = v.FormValue("value." + countryField)
	}
	return patientForm{
		Number: v.FormValue("number"), Family: v.FormValue("family"), Given: v.FormValue("given"), Birth: v.pickedDay("birth"), Country: country,
		Born: v.dayPickers("birth", -oldest, 0, v.FormValue),
	}
}

func (f patientForm) identity() vault.Identity {
	return vault.Identity{Number: f.Number, Family: f.Family, Given: f.Given, Birth: f.Birth, Country: f.Country}
}

// given tells whether anything of the patient was typed.
func (f patientForm) given() bool { return f.Number+f.Family+f.Given+f.Birth != "" }

// orderFields are the fields of the order step, with what was typed.
func (v *visit) orderFields(recipe *mbr.Recipe, typed func(string) string) []orderField {
	var out []orderField
	for _, f := range batch.OrderFields(recipe, v.plant().Site()) {
		one := orderField{ID: f.ID, Label: f.Label.In(v.lang), Unit: v.unit(f.Unit), Typed: typed("value." + f.ID), Kind: "text"}
		switch f.Type {
		case mbr.TypeEnum:
			one.Kind = "choice"
			if len(f.Options) > mostSeen {
				one.Kind = "list"
			}
			for _, o := range f.Options {
				one.Options = append(one.Options, choice{Code: o.Code, Name: o.Name.In(v.lang), Chosen: one.Typed == o.Code})
			}
		case mbr.TypeDecimal, mbr.TypeInt:
			one.Kind = "number"
		case mbr.TypeDate:
			one.Parts = v.dayPickers("value."+f.ID, -1, 1, typed)
		case mbr.TypeDateTime:
			one.Parts = slices.Concat(v.dayPickers("value."+f.ID, -1, 1, typed), v.timePickers("value."+f.ID, typed))
		}
		out = append(out, one)
	}
	return out
}

// typedValues are the fields of the order step that hold something.
func (v *visit) typedValues(recipe *mbr.Recipe) map[string]batch.Input {
	out := map[string]batch.Input{}
	for _, f := range batch.OrderFields(recipe, v.plant().Site()) {
		text := strings.TrimSpace(v.FormValue("value." + f.ID))
		if f.Type == mbr.TypeDate || f.Type == mbr.TypeDateTime {
			text = v.pickedLocal("value." + f.ID)
		}
		if text != "" {
			out[f.ID] = batch.Input{Text: text}
		}
	}
	return out
}

func (v *visit) slotForm() (slotForm, error) {
	c, err := v.plant().Custody.Calendar(v.ctx())
	if err != nil {
		return slotForm{}, err
	}
	today := v.now().In(v.zone())
	first, last := today.Format(time.DateOnly), today.AddDate(0, 0, 7*weeksShown).Format(time.DateOnly)
	out := slotForm{Day: v.dayPickers("slot", 0, 1, v.FormValue)}
	for _, part := range chainofcustody.Parts() {
		out.Parts = append(out.Parts, choice{Code: string(part), Name: v.word("slot", string(part)), Chosen: v.FormValue("part") == string(part)})
	}
	for _, b := range c.Bookings {
		if b.Day >= first && b.Day <= last {
			out.Taken = append(out.Taken, takenSlot{v.dayText(b.Day), v.word("slot", string(b.Part)), b.Subject})
		}
	}
	return out, nil
}

// dayText is a day as people read it (screens, rule 21).
func (v *visit) dayText(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return strings.ToUpper(t.Format("02 Jan 2006"))
}

// slotText is a slot as people read it.
func (v *visit) slotText(s chainofcustody.Slot) string {
	return v.dayText(s.Day) + " · " + v.word("slot", string(s.Part))
}

// typedSlot is the slot that the form asks for; none when no day is given.
func (v *visit) typedSlot() chainofcustody.Slot {
	day := v.pickedDay("slot")
	if day == "" {
		return chainofcustody.Slot{}
	}
	return chainofcustody.Slot{Day: day, Part: chainofcustody.Part(v.FormValue("part"))}
}
