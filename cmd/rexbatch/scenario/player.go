package scenario

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"
)

// Stage is where a scenario is played.
type Stage struct {
	Server   string
	Out      string // directory for the certificate and what is needed to check it
	Accounts *Accounts
	Clock    func() time.Time
	Progress Progress
}

// Progress is told how far the play is.
type Progress interface {
	// Say tells something that is not a step.
	Say(text string)
	// Step tells of a step in hand, often, and once when it is finished.
	Step(StepProgress)
}

// StepProgress is how far a step is.
type StepProgress struct {
	Batch, ID, Name string
	Done, Of        int // entries of the step
	Position, Steps int // of the step in the record
	Finished        bool
	Took            time.Duration
}

// play is one batch being played.
type play struct {
	s      *Scenario
	stage  Stage
	client *client
	actors map[string]*actor
	zone   *time.Location
	floor  *floor
	batch  string
	coi    string
	steps  []step
	result *Result

	wristband string              // label that says nothing but the Chain of Identity
	made      map[string][]string // labels of the containers in hand, by kind
	typed     map[string]string   // field ("S32.final_volume") → what was typed there
	wrong     map[string]string   // label that an act scans instead, by what it is
	happened  map[int]bool        // events of the scenario
}

// Play plays the whole scenario. Refusals of the server are part of the story: they stand in the result's faults when
// nobody expected them. The error is about the play itself: no server, no accounts, no disk.
func Play(ctx context.Context, s *Scenario, stage Stage) (Result, error) {
	began := stage.Clock()
	result := Result{Scenario: s.Name, Outcome: Unfinished}
	c, err := newClient(stage.Server)
	if err != nil {
		return result, err
	}
	defer c.http.CloseIdleConnections()
	zone, err := time.LoadLocation(zones[s.Site])
	if err != nil {
		return result, fmt.Errorf("site %s: %w", s.Site, err)
	}
	p := &play{
		s: s, stage: stage, client: c, actors: map[string]*actor{}, zone: zone, result: &result,
		made: map[string][]string{}, typed: map[string]string{}, wrong: map[string]string{}, happened: map[int]bool{},
	}
	err = p.story(ctx)
	if err == nil || errors.Is(err, errEnd) {
		welcomed := p.welcome(ctx)
		if welcomed != nil {
			err = welcomed
		}
	}
	p.leave(ctx)
	var problem *Problem
	switch {
	case errors.Is(err, errEnd):
	case errors.As(err, &problem):
		result.fault("%v", err)
	case err != nil:
		return result, err
	}
	result.judge(s.Expect)
	result.Took = stage.Clock().Sub(began)
	return result, nil
}

// welcome signs in once who had nothing to do, so that the password that is kept of everybody is not one to be changed first.
func (p *play) welcome(ctx context.Context) error {
	for _, username := range slices.Sorted(maps.Keys(p.s.People)) {
		_, err := p.actor(ctx, username)
		if err != nil {
			return err
		}
	}
	return nil
}

// leave gives back the rooms that the batch still has and signs everybody out. A session that stays open ends by itself,
// so a failure here changes nothing of the outcome.
func (p *play) leave(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	err := p.leaveAreas(ctx)
	if err != nil {
		p.say(fmt.Sprintf("a work area stays taken: %v", err))
	}
	for _, a := range p.actors {
		err := p.client.call(ctx, a.token, http.MethodDelete, "/sessions/current", nil, nil)
		if err != nil {
			p.say(fmt.Sprintf("%s stays signed in: %v", a.username, err))
		}
	}
}

// zones are where "today" is meant.
var zones = map[string]string{"ES-SVQ": "Europe/Madrid", "DE-FRA": "Europe/Berlin"}

// errEnd says that the story is over before the last step, as it may be.
var errEnd = errors.New("the story ends here")

// story is the scenario from the first sign-in to the last step.
func (p *play) story(ctx context.Context) error {
	p.say(fmt.Sprintf("%s: %s", p.s.Name, p.s.Title))
	err := p.gather(ctx)
	if err != nil {
		return err
	}
	err = p.furnish(ctx)
	if err != nil {
		return err
	}
	for _, act := range p.s.Acts {
		err = p.prepare(ctx, act)
		if err != nil {
			return err
		}
	}
	err = p.order(ctx)
	if err != nil {
		return err
	}
	p.result.Batch, p.result.Steps = p.batch, 0 // steps of another patient do not count
	err = p.course(ctx)
	if err != nil && !errors.Is(err, errEnd) {
		return err
	}
	over := errors.Is(err, errEnd)
	err = p.events(ctx, "", atEnd, nil)
	if err != nil {
		return err
	}
	p.missed()
	return p.finish(ctx, over)
}

// course is every step of the record in order, until nothing is left to do or nobody may go on.
func (p *play) course(ctx context.Context) error {
	for i := 0; i < len(p.steps); {
		next, err := p.doStep(ctx, i)
		if err != nil {
			return p.ended(ctx, p.steps[i].ID, err)
		}
		i = next
	}
	return nil
}

// position is where a step stands in the record; below zero when it has none.
func (p *play) position(id string) int {
	return slices.IndexFunc(p.steps, func(s step) bool { return s.ID == id })
}

// order opens the therapy event and its batch.
func (p *play) order(ctx context.Context) error {
	coordinator, err := p.as(ctx, "coordinator", false)
	if err != nil {
		return err
	}
	subject := p.s.Values["S01"]["subject_no"]
	if subject == "" || subject == auto {
		subject, err = newCode(p.s.Site[:2])
		if err != nil {
			return err
		}
	}
	var opened openedBatch
	order := map[string]any{"subject_no": subject}
	if p.s.Patient != nil {
		order, err = p.wholeOrder(ctx, coordinator, subject)
		if err != nil {
			return fmt.Errorf("order: %w", err)
		}
	}
	err = coordinator.send(ctx, "/batches", order, &opened)
	if err != nil {
		return fmt.Errorf("order: %w", err)
	}
	p.batch, p.coi = opened.Batch, opened.CoI
	var b batchAnswer
	err = coordinator.get(ctx, at("batches", p.batch), &b)
	if err != nil {
		return fmt.Errorf("order: %w", err)
	}
	p.steps = b.Steps
	event, err := p.event(ctx, coordinator)
	if err != nil {
		return err
	}
	p.wristband = event.CoILabel
	p.say(fmt.Sprintf("%s: batch %s for subject %s, chain of identity %s", p.s.Site, p.batch, subject, p.coi))
	return p.checkSteps()
}

// checkSteps finds values for steps that the record does not have: they would be left out in silence.
func (p *play) checkSteps() error {
	for id := range p.s.Values {
		i := slices.IndexFunc(p.steps, func(s step) bool { return s.ID == id })
		if i < 0 || p.steps[i].Status == notApplicable {
			return fmt.Errorf("scenario %s has values for %s, which the record at %s does not have", p.s.Name, id, p.s.Site)
		}
	}
	return nil
}

// prepare makes what an act needs: a real label of another patient, whose order is opened first.
func (p *play) prepare(ctx context.Context, act Act) error {
	if p.wrong[act.Scan] != "" {
		return nil
	}
	other, plain := *p, *p.s
	plain.Acts, plain.Events, plain.Patient = nil, nil, nil
	other.s, other.made, other.typed = &plain, map[string][]string{}, map[string]string{}
	err := other.order(ctx)
	if err != nil {
		return fmt.Errorf("another patient: %w", err)
	}
	for i := range other.steps {
		_, err = other.doStep(ctx, i)
		if err != nil {
			return fmt.Errorf("another patient: %w", err)
		}
		if len(other.steps[i].Creates) == 0 {
			continue
		}
		p.wrong[act.Scan] = other.made[other.steps[i].Creates[0].Kind][0]
		return nil
	}
	return errors.New("another patient: no step issues a label")
}

// finish makes sure that nothing is left to do, where the story did not end before.
func (p *play) finish(ctx context.Context, over bool) error {
	if over {
		return p.count(ctx)
	}
	qa, err := p.as(ctx, "qa", true)
	if err != nil {
		return err
	}
	var b batchAnswer
	err = qa.get(ctx, at("batches", p.batch), &b)
	if err != nil {
		return fmt.Errorf("batch %s: %w", p.batch, err)
	}
	if b.Current != "" {
		p.result.fault("all steps were played, and yet %s waits", b.Current)
	}
	return p.count(ctx)
}

// as is the person who acts in a role, signed in.
func (p *play) as(ctx context.Context, role string, second bool) (*actor, error) {
	username, err := p.s.who(role, second)
	if err != nil {
		return nil, err
	}
	return p.actor(ctx, username)
}

// event is the therapy event with its labels, as this person sees it.
func (p *play) event(ctx context.Context, a *actor) (therapyEvent, error) {
	var e therapyEvent
	err := a.get(ctx, at("therapy-events", p.coi), &e)
	if err != nil {
		return e, fmt.Errorf("labels of %s: %w", p.coi, err)
	}
	return e, nil
}

func (p *play) say(text string) { p.stage.Progress.Say(text) }

// download gets something that is not JSON.
func (p *play) download(ctx context.Context, a *actor, path string) ([]byte, error) {
	token := ""
	if a != nil {
		token = a.token
	}
	return p.client.bytes(ctx, token, http.MethodGet, path, nil)
}
