package desk

import (
	"context"
	"slices"
	"strings"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Desk is one request's person at one plant, on one route.
type Desk struct {
	Plant   *Plant
	Session people.Session
	Route   Route

	deps  *Deps
	token string // the directory's
}

type key int

const (
	deskKey key = iota
	requestKey
)

// From is the desk of a request; nil where nobody has to be signed in.
func From(ctx context.Context) *Desk {
	d, _ := ctx.Value(deskKey).(*Desk)
	return d
}

// With puts a desk into a request's context.
func With(ctx context.Context, d *Desk) context.Context { return context.WithValue(ctx, deskKey, d) }

// Acting is the author of what the request does (I3). The role is the one stated; when none is, it is the only
// role of the person that fits. Where no role fits, the first one is taken, so that the room that decides can say
// which it wants. The role itself must allow what the route needs, not merely some role of the person (CS-66).
func (d *Desk) Acting(stated string, fits func(people.Role) bool) (ledger.Author, error) {
	role, err := d.role(stated, fits)
	if err != nil {
		return ledger.Author{}, err
	}
	author, err := d.Session.Author(role)
	if err != nil {
		return ledger.Author{}, err
	}
	if !d.Route.Who.allows(role) {
		return ledger.Author{}, ledger.Refuse(ledger.Forbidden, "CS-66", "role-not-allowed",
			"the role {role} may not do this, it needs: {needs}", "act in another role, or ask somebody who has one that may",
			"role", string(role), "needs", d.Route.Who.String())
	}
	return author, nil
}

func (d *Desk) role(stated string, fits func(people.Role) bool) (people.Role, error) {
	if stated != "" {
		return people.ParseRole(stated)
	}
	var fitting []people.Role
	for _, r := range d.Session.Roles {
		if fits(r) && d.Route.Who.allows(r) {
			fitting = append(fitting, r)
		}
	}
	switch len(fitting) {
	case 1:
		return fitting[0], nil
	case 0:
		i := max(0, slices.IndexFunc(d.Session.Roles, d.Route.Who.allows))
		return d.Session.Roles[i], nil
	default:
		return "", ledger.Refuse(ledger.Invalid, "CS-66", "role-ambiguous", "{name} could act here as {roles}",
			"say in which role", "name", d.Session.Name, "roles", names(fitting))
	}
}

func names(roles []people.Role) string {
	out := make([]string, len(roles))
	for i, r := range roles {
		out[i] = string(r)
	}
	return strings.Join(out, ", ")
}

// Is makes the choice of one role, for Acting.
func Is(want people.Role) func(people.Role) bool {
	return func(r people.Role) bool { return r == want }
}

// Signer asks the session's own person for a signature with the password they typed just now (I8).
func (d *Desk) Signer(role string, password string) batch.Signer {
	return func(ctx context.Context, meaning people.Meaning, shown ledger.Digest) (people.Signed, error) {
		return d.Plant.People.Sign(ctx, d.Session, password, people.Role(role), meaning, shown)
	}
}

// SecondPerson authenticates another person at this terminal, who signs as second person over what was shown (I7),
// and returns them as author. The signature comes first: whatever is then written stands under a person who
// proved who they are (I3).
func (d *Desk) SecondPerson(ctx context.Context, username, password string, role people.Role, shown ledger.Digest) (ledger.Author, batch.Signer, error) {
	err := d.deps.allow(d.Plant, username)
	if err != nil {
		return ledger.Author{}, nil, err
	}
	signed, _, err := d.Plant.People.SignAs(ctx, d.Session.Terminal, username, password, role, people.Verified, shown)
	if err != nil {
		return ledger.Author{}, nil, err
	}
	signer := func(_ context.Context, meaning people.Meaning, asked ledger.Digest) (people.Signed, error) {
		return signed, signed.For(meaning, asked)
	}
	return signed.Author(), signer, nil
}

// Beside asks another person at this terminal for a signature, once it is known over what: the first stays signed in
// (I7).
func (d *Desk) Beside(username, password string, role people.Role) batch.Signer {
	return d.BesideOf(d.Plant, username, password, role)
}

// BesideOf is Beside for a person of another plant, whom that plant's directory knows.
func (d *Desk) BesideOf(plant *Plant, username, password string, role people.Role) batch.Signer {
	return func(ctx context.Context, meaning people.Meaning, shown ledger.Digest) (people.Signed, error) {
		err := d.deps.allow(plant, username)
		if err != nil {
			return people.Signed{}, err
		}
		signed, _, err := plant.People.SignAs(ctx, d.Session.Terminal, username, password, role, meaning, shown)
		return signed, err
	}
}

// ChangePassword replaces the person's own password (CS-35).
func (d *Desk) ChangePassword(ctx context.Context, old, replacement string) error {
	return d.Plant.People.ChangePassword(ctx, d.token, old, replacement)
}

// Alive refuses when the session has ended meanwhile. Asking does not keep it alive (CS-38).
func (d *Desk) Alive(ctx context.Context) error {
	_, err := d.Plant.People.Peek(ctx, d.token)
	return err
}

// SignOut ends the session.
func (d *Desk) SignOut(ctx context.Context) error { return d.Plant.People.SignOut(ctx, d.token) }

// Performer is the choice of the role that performs a step, for Acting.
func (d *Desk) Performer(ctx context.Context, number, step string) (func(people.Role) bool, error) {
	if len(d.Session.Roles) == 1 { // no choice, so no need to look
		return Is(d.Session.Roles[0]), nil
	}
	st, err := d.step(ctx, number, step)
	if err != nil {
		return nil, err
	}
	return Is(st.Performer), nil
}

// SecondRole is the role of the second person of a step; a refusal where there is none.
func (d *Desk) SecondRole(ctx context.Context, number, step string) (people.Role, error) {
	st, err := d.step(ctx, number, step)
	if err != nil {
		return "", err
	}
	if st.Second == nil {
		return "", ledger.Refuse(ledger.Unmet, "I7", "no-second", "step {step} needs no second person", "go on with the next step", "step", step)
	}
	return st.Second.Role, nil
}

func (d *Desk) step(ctx context.Context, number, step string) (*mbr.Step, error) {
	b, err := d.Plant.Batches.Load(ctx, number)
	if err != nil {
		return nil, err
	}
	st, ok := b.Step(step)
	if !ok {
		return nil, ledger.Refuse(ledger.Missing, "CS-65", "no-step", "batch {batch} has no step {step}", "choose a step of the record", "batch", number, "step", step)
	}
	return st.Step, nil
}

// Sees tells whether the person reads the values of a step. Hospital and courier staff, who do not read records,
// see the steps of their own side: results of the plant's tests could tell the arm (I11, LB-4).
func (d *Desk) Sees(st *mbr.Step) bool {
	return d.Session.May(people.ReadRecord) || !st.Performer.May(people.ReadRecord) ||
		d.Session.Has(st.Performer) || st.Second != nil && d.Session.Has(st.Second.Role)
}

// RequestID is the identifier of a request, as its answer and the log have it.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey).(string)
	return id
}

// WithRequestID puts a request's identifier into its context.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey, id)
}
