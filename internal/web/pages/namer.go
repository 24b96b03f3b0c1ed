package pages

import (
	"slices"
	"strings"
	"time"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/quantity"
	"rexbatch/internal/web/desk"
)

// namer turns the codes that a refusal names into what people call them: steps, fields, roles, parties, kinds.
type namer struct {
	*visit
	batch *batch.Batch // nil where no batch is concerned
}

// args are the arguments of a reason, by name, in words.
func (n namer) args(r desk.Reason) map[string]string {
	out := make(map[string]string, len(r.Args))
	for name, value := range r.Args {
		out[name] = n.arg(name, value, r)
	}
	return out
}

func (n namer) arg(name, value string, r desk.Reason) string {
	if d := dayOf(value); d != value {
		return d
	}
	switch name {
	case "field", "input":
		return n.field(value, r.Args["step"])
	case "fields":
		return n.fields(value, r.Args["step"])
	case "step", "current":
		return n.step(value)
	case "value":
		return n.value(value, r.Args["field"])
	case "account", "performer":
		if n.desk == nil {
			return value
		}
		return n.full(value)
	case "needs":
		return n.needs(value)
	case "roles", "options":
		return n.listed(value)
	case "why":
		if r.Code == "scan-unreadable" {
			return n.unreadable(r.Args["raw"])
		}
		text, ok := n.lookup("why." + slug(value))
		if !ok {
			return value
		}
		return text
	case "expiry", "until", "begin", "end":
		t, err := time.Parse(time.RFC3339, value)
		if err != nil || n.desk == nil {
			return value
		}
		return moment(t, n.zone())
	case "remaining", "wanted":
		return n.counted(value)
	case "got", "want":
		if r.Code == "lot-wrong-material" && n.desk != nil {
			return n.materialName(value)
		}
	case "due":
		return n.due(value)
	case "alarm", "text": // as the device's display says it
		return value
	case "slot":
		return n.slot(value)
	case "date":
		return dateText(value)
	case "id":
		return n.exception(value)
	case "what":
		return n.what(value, r)
	case "cause":
		return n.cause(value)
	case "clock":
		return n.clock(value)
	case "target", "reader":
		if strings.Contains(value, ".") {
			return n.field(value, "")
		}
		if name := n.step(value); name != value {
			return name
		}
		if text, ok := n.lookup("why." + value); ok {
			return text
		}
		return n.clock(value)
	case "sum", "volume", "tolerance", "share":
		return n.counted(value)
	case "container":
		return printed(value)
	case "containers":
		return n.printedAll(value)
	case "test", "tests":
		return n.tests(value)
	case "fault":
		return n.fault(value)
	case "scanner", "keyboard":
		return n.layouts(value)
	}
	return n.code(value)
}

// needs names the permissions and roles of which one is needed.
func (n namer) needs(value string) string {
	var out []string
	for one := range strings.SplitSeq(value, " or ") {
		kind, code := "permission", one
		if role, ok := strings.CutPrefix(one, "role "); ok {
			kind, code = "role", role
		}
		if text, ok := n.lookup(kind + "." + slug(code)); ok {
			one = text
		}
		out = append(out, one)
	}
	return strings.Join(out, ", ")
}

// layouts are keyboard layouts by name; more than one where a scan leaves it open.
func (n namer) layouts(value string) string {
	names := strings.Split(value, " / ")
	for i, name := range names {
		names[i] = n.T("layout." + name)
	}
	return strings.Join(names, " "+n.T("layout.or")+" ")
}

// groups are where a code may stand in the catalogue, in the order in which they are looked through.
var groups = []string{"kind", "party", "role", "act", "status", "classification", "meaning", "lot-status", "lot-part", "check", "device-part", "person-part", "master-status", "shipment-status", "label-element", "shipment-problem"}

// code is the word for a code; a code that is followed by an identifier, as "tube A9999 26 …", keeps it.
func (n namer) code(value string) string {
	head, rest, _ := strings.Cut(value, " ")
	for _, group := range groups {
		text, ok := n.lookup(group + "." + head)
		if ok && rest == "" {
			return text
		}
		if ok && group == "kind" {
			return text + " " + rest
		}
	}
	return value
}

func (n namer) listed(value string) string {
	parts := strings.Split(value, ", ")
	for i, p := range parts {
		parts[i] = n.code(p)
	}
	return strings.Join(parts, ", ")
}

func (n namer) step(id string) string {
	if n.batch == nil {
		return id
	}
	st, ok := n.batch.Step(id)
	if !ok {
		return id
	}
	return id + " " + st.Step.Name.In(n.lang)
}

// fieldOf finds a field by its reference, or by its id within a step.
func (n namer) fieldOf(ref, step string) *mbr.Field {
	if n.batch == nil {
		return nil
	}
	if head, tail, ok := strings.Cut(ref, "."); ok {
		step, ref = head, tail
	}
	if step == "" { // a refusal of the step that the request is about
		step = n.Param("step")
	}
	st, ok := n.batch.Step(step)
	if !ok {
		return nil
	}
	f, ok := st.Step.Field(ref, n.batch.Site)
	if !ok {
		return nil
	}
	return f
}

func (n namer) field(ref, step string) string {
	f := n.fieldOf(ref, step)
	if f == nil {
		return n.code(ref)
	}
	return "«" + f.Label.In(n.lang) + "»"
}

func (n namer) fields(list, step string) string {
	parts := strings.Split(list, ", ")
	for i, p := range parts {
		id, container, _ := strings.Cut(p, " ")
		parts[i] = strings.TrimSpace(n.field(id, step) + " " + container)
	}
	return strings.Join(parts, ", ")
}

// counted is a quantity that a refusal names, as people of the language write it.
func (n namer) counted(value string) string {
	number, unit, _ := strings.Cut(value, " ")
	q, err := quantity.ParseCanonical(number, quantity.Unit(unit))
	if err != nil {
		return value
	}
	return n.quantity(q)
}

func (n namer) value(value, ref string) string {
	f := n.fieldOf(ref, "")
	if f == nil || n.desk == nil {
		return value
	}
	c, ok := n.batch.Value(f.Ref())
	if !ok || c.Value.String() != value {
		return value
	}
	return n.shown(f, c.Value)
}

// exception names an exception by its class and its place: "out-of-limit:S11.net_volume:31".
func (n namer) exception(id string) string {
	parts := strings.Split(id, ":")
	if len(parts) < 2 {
		return id
	}
	if class := batch.Class(parts[0]); class == batch.TimeLimit || class == batch.LateClock {
		return n.word("class", parts[0]) + ": " + n.clock(parts[1])
	}
	place := n.step(parts[1])
	if strings.Contains(parts[1], ".") {
		place = n.field(parts[1], "")
	}
	if n.batch != nil && (parts[0] == string(batch.OOS) || parts[0] == string(batch.InvalidTest)) {
		place = n.attribute(parts[1])
	}
	return n.word("class", parts[0]) + ": " + place
}

// what is what a refusal is about: a hold, a deviation or an exception.
func (n namer) what(value string, r desk.Reason) string {
	if n.batch == nil || n.desk == nil {
		return value
	}
	if h, held := n.batch.Held(); held && r.Code == "batch-held" {
		return n.holdText(n.batch, h)
	}
	if d, ok := n.batch.Deviation(r.Args["deviation"]); ok {
		return strings.TrimSuffix(n.deviationText(n.batch, d), ".")
	}
	return n.found(value, r.Args["id"])
}

// cause is why a batch is held or has ended, in words; what somebody wrote stays as it is.
func (n namer) cause(value string) string {
	for _, group := range []string{"hold", "ending"} {
		if text, ok := n.lookup(group + "." + value); ok {
			return text
		}
	}
	return value
}

// due is a moment in time, or a day.
func (n namer) due(value string) string {
	t, err := time.Parse(time.RFC3339, value)
	if err != nil || n.desk == nil {
		return dayText(value)
	}
	return moment(t, n.zone())
}

// slot is a slot as people read it, from its one word.
func (n namer) slot(value string) string {
	day, part, _ := strings.Cut(value, "/")
	return n.slotText(chainofcustody.Slot{Day: day, Part: chainofcustody.Part(part)})
}

// dateText is a date that the calendar may not have, such as the 31st of February or one that is half picked, as people read dates.
func dateText(value string) string {
	parts := strings.SplitN(value, "-", 3)
	if len(parts) != 3 {
		return value
	}
	month, err := time.Parse("01", parts[1])
	if err == nil {
		parts[1] = strings.ToUpper(month.Format("Jan"))
	}
	slices.Reverse(parts)
	for i, p := range parts {
		if p == "" {
			parts[i] = "–"
		}
	}
	return strings.Join(parts, " ")
}

func (n namer) clock(id string) string {
	if n.batch == nil {
		return id
	}
	for _, c := range n.batch.Recipe.Clocks {
		if c.ID == id {
			return "«" + c.Name.In(n.lang) + "»"
		}
	}
	return id
}

func (n namer) printedAll(list string) string {
	ids := strings.Split(list, ", ")
	for i, id := range ids {
		ids[i] = printed(id)
	}
	return strings.Join(ids, ", ")
}

func (n namer) found(what, id string) string {
	if n.batch == nil || n.desk == nil {
		return what
	}
	found, _ := n.batch.Exceptions()
	for _, e := range found {
		if e.ID == id {
			return n.exceptionText(n.batch, e)
		}
	}
	return what
}

func (n namer) attribute(id string) string {
	if n.batch != nil {
		for _, a := range n.batch.Spec.Attributes {
			if a.ID == id {
				return mbr.Text(a.Name).In(n.lang)
			}
		}
	}
	return id
}

// tests calls attributes by their names in a list such as "mnc 88 % of WBC (25.3..83.3 % of WBC), …".
func (n namer) tests(list string) string {
	parts := strings.Split(list, ", ")
	for i, p := range parts {
		id, rest, _ := strings.Cut(p, " ")
		parts[i] = strings.TrimSpace(n.attribute(id) + " " + rest)
	}
	return strings.Join(parts, ", ")
}

// slug is a text as part of a key.
func slug(s string) string { return strings.ReplaceAll(strings.ToLower(s), " ", "-") }
