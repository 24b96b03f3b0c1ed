package scenario

import (
	"context"
	"fmt"
)

const courier = "courier"

// party is the side of a handoff for which a role acts.
func party(role string) string {
	switch role {
	case courier:
		return courier
	case "coordinator", "investigator", "physician", "nurse", "interventionist":
		return "hospital"
	default:
		return "plant"
	}
}

// handOver gives every container that the step's custody is about to the party that has to hold it at the end. Giver
// and receiver state seals and place for themselves; both scan the label. One of them is the step's
// performer, the other one is the courier.
func (d *doing) handOver(ctx context.Context) error {
	other, err := d.as(ctx, courier, false)
	if err != nil {
		return err
	}
	giver, receiver := d.who, other
	if party(d.step.Role) == d.step.Custody.Holder {
		giver, receiver = other, d.who
	}
	event, err := d.event(ctx, giver)
	if err != nil {
		return err
	}
	for i, c := range event.Containers {
		if c.Kind != d.step.Custody.Container || c.Custodian.Party == d.step.Custody.Holder {
			continue
		}
		terms := map[string]any{
			"seals": []string{fmt.Sprintf("%s-%02d", d.step.ID, i+1)}, "place": fmt.Sprintf("%s, %s", d.s.Site, c.Custodian.Party), "raw": c.Label,
		}
		path := at("therapy-events", d.coi, "containers", c.Path)
		err = giver.send(ctx, path+"/offer", with(terms, "to", d.step.Custody.Holder), nil)
		if err != nil {
			return fmt.Errorf("hand over %s: %w", c.ID, err)
		}
		err = receiver.send(ctx, path+"/accept", terms, nil)
		if err != nil {
			return fmt.Errorf("take over %s: %w", c.ID, err)
		}
	}
	return nil
}

func with(terms map[string]any, key, value string) map[string]any {
	out := map[string]any{key: value}
	for k, v := range terms {
		out[k] = v
	}
	return out
}
