package oncall

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"rexbatch/internal/ledger"
)

// Stream is where a plant's on-call duty stands.
const Stream = "oncall/duty"

// The types of entry.
const (
	typeNamed  = "oncall.named"
	typeCalled = "oncall.called"
	typeTaken  = "oncall.taken"
)

type named struct {
	Account string `json:"account"`
}

type called struct {
	About    string    `json:"about"`
	Account  string    `json:"account,omitempty"`
	AnswerBy time.Time `json:"answer_by"`
}

type taken struct {
	Call int `json:"call"`
}

func (d *Duty) clone() *Duty {
	return &Duty{Now: d.Now, Calls: slices.Clone(d.Calls), answered: slices.Clip(d.answered), Version: d.Version}
}

// apply folds one entry.
func (d *Duty) apply(e ledger.Entry) error {
	var err error
	switch e.Type {
	case typeNamed:
		var data named
		err = json.Unmarshal(e.Data, &data)
		d.Now = &Turn{Account: data.Account, By: e.Author.Account, Since: e.Time}
	case typeCalled:
		var data called
		err = json.Unmarshal(e.Data, &data)
		d.Calls = append(d.Calls, Call{Number: len(d.Calls) + len(d.answered) + 1, About: data.About, Account: data.Account, At: e.Time, AnswerBy: data.AnswerBy})
	case typeTaken:
		var data taken
		err = json.Unmarshal(e.Data, &data)
		i := slices.IndexFunc(d.Calls, func(c Call) bool { return c.Number == data.Call })
		if err == nil && i < 0 {
			err = fmt.Errorf("no call %d that waits", data.Call)
		}
		if err == nil {
			c := d.Calls[i]
			c.Answer = &Answer{By: e.Author, At: e.Time}
			d.Calls, d.answered = slices.Delete(d.Calls, i, i+1), append(d.answered, c)
		}
	default:
		err = fmt.Errorf("no entry of the on-call duty")
	}
	if err != nil {
		return fmt.Errorf("fold %s %d: %w", e.Type, e.Seq, err)
	}
	d.Version = e.Version
	return nil
}
