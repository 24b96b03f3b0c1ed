package batch

import (
	"encoding/json"
	"fmt"
	"iter"

	"rexbatch/batch/mbr"
	"rexbatch/batch/qc"
	"rexbatch/internal/ledger"
)

// WorklistItem is a batch as worklists show it: a view, derived from the batch's entries alone.
type WorklistItem struct {
	Number     string   `json:"number"`
	CoI        string   `json:"coi"`
	Subject    string   `json:"subject"`
	Site       string   `json:"site"`
	Step       string   `json:"step,omitempty"`   // what has to be done now; empty when all is done
	Status     Status   `json:"status,omitempty"` // of that step
	Role       string   `json:"role,omitempty"`   // who has to do it
	Done       int      `json:"done"`
	Steps      int      `json:"steps"`
	Exceptions int      `json:"exceptions"`
	Open       int      `json:"open"`                           // exceptions that wait for an assessment
	Unmet      int      `json:"out_of_specification,omitempty"` // results that no assessment closes (AT-33)
	Certified  bool     `json:"certified"`
	Held       string   `json:"held,omitempty"`       // why nothing may be done with it
	Ended      string   `json:"ended,omitempty"`      // why it is not made any further
	Closed     bool     `json:"closed,omitempty"`     // and all its material is disposed of
	Deviations int      `json:"deviations,omitempty"` // that are not closed
	Parent     string   `json:"parent,omitempty"`
	Waiting    []Task   `json:"waiting,omitempty"` // what can be done now, and by whom: more than one where steps run in parallel
	Expiry     string   `json:"expiry,omitempty"`  // F11, RFC 3339 UTC
	Harvest    *Harvest `json:"harvest,omitempty"` // nil before somebody has looked at it
	Version    uint64   `json:"version"`
}

// Task is a step that can be done now.
type Task struct {
	Step   string `json:"step"`
	Status Status `json:"status"`
	Role   string `json:"role"`
}

// WorklistPrefix is the key prefix of worklist views.
const WorklistPrefix = "worklist/"

// expiryRef is where the recipe puts the expiry (F11).
const expiryRef = "S35.expiry"

// Worklist is the batch's line in the worklists.
func (b *Batch) Worklist() WorklistItem {
	w := WorklistItem{Number: b.Number, CoI: b.CoI.String(), Subject: b.Subject, Site: b.Site, Version: b.Version}
	for _, st := range b.Steps() {
		if st.Absent() {
			continue
		}
		w.Steps++
		if st.Status == Done {
			w.Done++
		}
	}
	for _, st := range b.Now() {
		if len(b.AtRisk(st)) > 0 {
			continue // it waits, unless somebody decides that it cannot
		}
		t := Task{Step: st.Step.ID, Status: st.Status, Role: string(st.Step.Performer)}
		if st.Status == ToVerify {
			t.Role = string(st.Step.Second.Role)
		}
		w.Waiting = append(w.Waiting, t)
	}
	if len(w.Waiting) > 0 {
		w.Step, w.Status, w.Role = w.Waiting[0].Step, w.Waiting[0].Status, w.Waiting[0].Role
	}
	if h, ok := b.Held(); ok {
		w.Held = string(h.Cause)
	}
	if b.Over() {
		w.Ended, w.Closed = string(b.Ending.Cause), !b.ClosedAt.IsZero()
	}
	for _, d := range b.Deviations {
		if !b.Closed(d) {
			w.Deviations++
		}
	}
	w.Parent = b.Parent
	found, _ := b.Exceptions()
	w.Exceptions = len(found)
	for _, e := range found {
		switch {
		case e.Class == OOS || e.Class == InvalidTest:
			w.Unmet++
		case e.Open():
			w.Open++
		}
	}
	_, standing := b.Act(mbr.ActCertification)
	w.Certified = standing && len(qc.Causes(b.Results())) == 0 // a late result may turn out bad after certification
	w.Harvest = b.Received()
	if c, ok := b.Value(expiryRef); ok {
		w.Expiry = c.Value.Text
	}
	return w
}

func (b *Batch) views() (map[string][]byte, error) {
	doc, err := json.Marshal(b.Worklist())
	if err != nil {
		return nil, fmt.Errorf("worklist of %s: %w", b.Number, err)
	}
	views, err := b.trace().View()
	if err != nil {
		return nil, err
	}
	views[WorklistPrefix+b.Number] = doc
	return views, b.harvestViews(views)
}

// Projection rebuilds the worklist views from the entries of batches, with the recipe and specification that
// each batch has pinned.
func Projection() ledger.Projection {
	masters := NewLibrary(nil)
	return ledger.Projection{
		Prefix: streamPrefix,
		Views: func(blobs ledger.BlobReader, entries iter.Seq2[ledger.Entry, error]) (map[string][]byte, error) {
			masters.from(blobs)
			b := &Batch{}
			for e, err := range entries {
				if err != nil {
					return nil, err
				}
				err = b.Apply(e, masters)
				if err != nil {
					return nil, err
				}
			}
			return b.views()
		},
	}
}
