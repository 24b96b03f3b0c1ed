package scenario

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// happening is an event while it takes place.
type happening struct {
	*play
	Event
	ctx  context.Context
	who  *actor
	path string // of the batch
	step string // of the place; empty at the end
	d    *doing // the step in hand, where the event is in the middle of one
}

// nobody does what only the story knows.
const nobody = "nobody"

// deeds are all sorts of act, in the order in which they are explained.
func deeds() []deed {
	return []deed{
		{"values", Event.changed, nil, nobody, (*happening).change},
		{"correct", func(e Event) string { return e.Correct }, []string{"value", "reason"}, "", (*happening).correct},
		{"interrupt", func(e Event) string { return e.Interrupt }, nil, "", (*happening).interrupt},
		{"resume", func(e Event) string { return e.Resume }, []string{"reason"}, "production-lead", (*happening).resume},
		{"block", func(e Event) string { return e.Block }, []string{"reason"}, "qa", (*happening).block},
		{"hold", func(e Event) string { return e.Hold }, nil, "production-lead", (*happening).hold},
		{"let-go", func(e Event) string { return e.LetGo }, nil, "qa", (*happening).letGo},
		{"stop", func(e Event) string { return e.Stop }, []string{"reason"}, "qa", (*happening).stop},
		{"dispose", func(e Event) string { return e.Dispose }, []string{"reason"}, "qa", (*happening).dispose},
		{"further", func(e Event) string { return e.Further }, []string{"reason"}, "investigator", (*happening).further},
		{"deviations", func(e Event) string { return e.Deviations }, []string{"cause", "risk"}, "qa", (*happening).deviations},
		{"assess", func(e Event) string { return e.Assess }, nil, "qa", (*happening).assess},
		{"try", func(e Event) string { return e.Try }, nil, "", (*happening).try},
		{"expect", func(e Event) string { return e.Expect }, nil, "qa", (*happening).expect},
	}
}

// events lets happen what the scenario has for a place. d is the step in hand, where there is one.
func (p *play) events(ctx context.Context, before, after string, d *doing) error {
	for i, e := range p.s.Events {
		if !e.at(before, after) || p.happened[i] {
			continue
		}
		p.happened[i] = true // a step that is done again is not broken off again
		step, _, _ := strings.Cut(before+after, ".")
		err := p.happen(&happening{play: p, Event: e, ctx: ctx, path: at("batches", p.batch), step: step, d: d})
		if err != nil {
			return err
		}
	}
	return nil
}

// missed finds events that did not happen: their place does not come in the story.
func (p *play) missed() {
	for i, e := range p.s.Events {
		if !p.happened[i] {
			p.result.fault("event %d (%s) did not happen", i+1, strings.TrimSpace(e.Before+" "+e.After))
		}
	}
}

func (p *play) happen(h *happening) error {
	deed, err := h.deed()
	if err != nil {
		return err
	}
	h.who, err = h.person(deed)
	if err != nil {
		return err
	}
	place := "before " + h.Before
	if h.Before == "" {
		place = "after " + h.After
	}
	err = deed.do(h)
	if h.Refused != "" {
		err = h.refused(deed.name, err)
	}
	if err != nil && !errors.Is(err, errAgain) {
		return fmt.Errorf("%s, %s: %w", place, deed.name, err)
	}
	if h.who != nil {
		h.say(fmt.Sprintf("%s: %s: %s (%s)", place, deed.name, deed.of(h.Event), h.who.username))
	}
	if h.d != nil && err == nil {
		err = h.d.look(h.ctx)
	}
	return err
}

// person is who acts: the role that the event names, the usual one of the deed, or the performer of the step.
func (h *happening) person(d deed) (*actor, error) {
	role := d.by
	if h.By != "" {
		role = h.By
	}
	if role == nobody {
		return nil, nil
	}
	step := h.step
	if h.Correct != "" {
		step, _, _ = strings.Cut(h.Correct, ".")
	}
	if i := h.position(step); role == "" && i >= 0 {
		role = h.steps[i].Role
	}
	return h.as(h.ctx, role, role == "qa") // who assesses has had no hands on the batch (CS-44)
}

// refused makes sure that an act was refused with the code that the story says.
func (h *happening) refused(what string, err error) error {
	problem := problemOf(err)
	switch {
	case problem == nil && err != nil:
		return err
	case problem == nil:
		h.result.fault("%s: %s was possible, expected was a refusal: %s", h.step, what, h.Refused)
	case !slices.Contains(problem.Codes(), h.Refused):
		h.result.fault("%s: %s was refused by %v, expected was %s", h.step, what, problem.Codes(), h.Refused)
	default:
		h.say(fmt.Sprintf("refused: %v: %s", problem.Rules(), problem.Detail))
	}
	return nil
}

func (h *happening) post(path string, body map[string]any) error {
	return h.who.send(h.ctx, h.path+path, body, nil)
}

// change lets people enter other values from now on.
func (h *happening) change() error {
	changed := *h.s
	changed.Values = overlay(h.s.Values, h.Values)
	h.s = &changed
	return nil
}

// correct replaces a value. What was signed over it is signed again: by the second persons of the step, and of the
// decisions that were made since.
func (h *happening) correct() error {
	step, field, _ := strings.Cut(h.Correct, ".")
	value, err := h.value(h.Value)
	if err != nil {
		return err
	}
	err = h.post(at("steps", step, "fields", field)+"/correction", map[string]any{"value": value, "reason": h.Reason})
	if err != nil {
		return err
	}
	h.typed[h.Correct] = value
	return h.verifyAgain(h.ctx)
}

func (h *happening) interrupt() error {
	return h.post(at("steps", h.step)+"/interrupt", map[string]any{"cause": h.Interrupt})
}

// resume decides how an interrupted step goes on. What is handled is scanned again; a repeat begins where the recipe
// says.
func (h *happening) resume() error {
	var now stepAnswer
	err := h.who.send(h.ctx, h.path+at("steps", h.step)+"/resume", map[string]any{"decision": h.Resume, "reason": h.Reason}, &now)
	if err != nil || h.d == nil {
		return err
	}
	if h.Resume != "repeat" {
		h.d.captured = map[string]bool{}
		return nil
	}
	if now.Step.Repeat == nil {
		return fmt.Errorf("the recipe does not say from where %s is repeated", h.step)
	}
	h.d.again = now.Step.Repeat.From
	return errAgain
}

func (h *happening) block() error {
	lot, ok := h.floor.lots[h.Block]
	if !ok {
		return fmt.Errorf("the recipe has no material %s", h.Block)
	}
	var blocked struct {
		UsedBy []string `json:"used_by"`
	}
	err := h.who.send(h.ctx, at("lots", lot)+"/block", map[string]any{"reason": h.Reason}, &blocked)
	if err != nil {
		return err
	}
	h.say(fmt.Sprintf("lot %s of %s was used in %v", lot, h.Block, blocked.UsedBy))
	if !slices.Contains(blocked.UsedBy, h.batch) {
		h.result.fault("lot %s does not say that it was used in %s", lot, h.batch)
	}
	return nil
}

func (h *happening) hold() error { return h.post("/hold", map[string]any{"reason": h.Hold}) }

func (h *happening) letGo() error {
	var b batchAnswer
	err := h.who.get(h.ctx, h.path, &b)
	if err != nil {
		return err
	}
	for _, hold := range b.Course.Holds {
		if !hold.Stands {
			continue
		}
		err = h.post(at("holds", hold.ID)+"/release", map[string]any{"reason": h.LetGo})
		if err != nil {
			return err
		}
	}
	return nil
}

func (h *happening) stop() error {
	return h.post("/stop", map[string]any{"cause": h.Stop, "reason": h.Reason})
}

// dispose says of every container that is left what was done with it; with the last one the batch is closed.
func (h *happening) dispose() error {
	var b batchAnswer
	err := h.who.get(h.ctx, h.path, &b)
	if err != nil {
		return err
	}
	for _, c := range b.Course.Undisposed {
		err = h.post(at("containers", c.Path)+"/disposal", map[string]any{"raw": c.Label, "disposition": h.Dispose, "reason": h.Reason})
		if err != nil {
			return fmt.Errorf("%s: %w", c.ID, err)
		}
	}
	err = h.who.get(h.ctx, h.path, &b)
	if err == nil && b.Course.ClosedAt == "" {
		h.result.fault("%d containers are disposed of, and yet the batch is not closed", len(b.Course.Undisposed))
	}
	return err
}

// further opens the batch of another harvest under the same Chain of Identity; it says that this batch stands beside it.
func (h *happening) further() error {
	var opened openedBatch
	err := h.who.send(h.ctx, at("therapy-events", h.coi)+"/further", map[string]any{
		"purpose": h.Further, "reason": h.Reason, "password": h.who.password(),
	}, &opened)
	if err != nil {
		return err
	}
	var b batchAnswer
	err = h.who.get(h.ctx, at("batches", opened.Batch), &b)
	if err != nil {
		return err
	}
	if opened.CoI != h.coi || !slices.Contains(b.Course.Beside, h.batch) {
		h.result.fault("batch %s of the further harvest does not stand beside %s under %s", opened.Batch, h.batch, h.coi)
	}
	h.say(fmt.Sprintf("%s: batch %s for a further harvest under %s", h.s.Site, opened.Batch, h.coi))
	return nil
}

func (h *happening) try() error {
	return h.post(at("steps", h.step)+"/"+h.Try, map[string]any{})
}

func (h *happening) expect() error {
	var now stepAnswer
	err := h.who.get(h.ctx, h.path+at("steps", h.step), &now)
	if err == nil && now.Step.Status != h.Expect {
		h.result.fault("%s is %s, expected was %s", h.step, now.Step.Status, h.Expect)
	}
	return err
}
