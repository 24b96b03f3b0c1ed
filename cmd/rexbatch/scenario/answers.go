package scenario

// What the player reads of the API's answers; /api/openapi.json describes them whole.

type openedBatch struct {
	Batch string `json:"batch"`
	CoI   string `json:"coi"`
}

type batchAnswer struct {
	Version uint64 `json:"version"`
	Current string `json:"current"`
	Steps   []step `json:"steps"`
	Course  struct {
		Holds []struct {
			ID     string `json:"id"`
			Stands bool   `json:"stands"`
		} `json:"holds"`
		Ending *struct {
			Cause string `json:"cause"`
		} `json:"ending"`
		Undisposed []container `json:"undisposed"`
		ClosedAt   string      `json:"closed_at"`
		Beside     []string    `json:"beside"`
	} `json:"course"`
}

type stepAnswer struct {
	Version     uint64 `json:"version"`
	Step        step   `json:"step"`
	ShownDigest string `json:"shown_digest"`
}

type step struct {
	ID       string            `json:"step"`
	Name     map[string]string `json:"name"`
	Role     string            `json:"role"`
	Second   *second           `json:"second"`
	Act      string            `json:"act"`
	Custody  *custody          `json:"custody"`
	Creates  []creation        `json:"creates"`
	Relabels []string          `json:"relabels"`
	Status   string            `json:"status"`
	Fields   []field           `json:"fields"`
	Labels   []container       `json:"labels"`
	Prints   []labelPrint      `json:"prints"`
	Repeat   *struct {
		From string `json:"from"`
	} `json:"repeat"`
}

// Statuses of a step that the player acts on.
const (
	notApplicable = "not-applicable"
	stopped       = "stopped"
	toVerify      = "to-verify"
)

type second struct {
	Role  string `json:"role"`
	Mode  string `json:"mode"`
	Field string `json:"field"`
	// Fields are entered again without seeing the first values.
	Fields []string `json:"fields"`
}

type custody struct {
	Container string `json:"container"`
	Holder    string `json:"holder"`
}

type creation struct {
	Kind string `json:"kind"`
}

// labelPrint is a label that was printed, or is to be.
type labelPrint struct {
	Container string `json:"container"`
	State     string `json:"state"`
}

// open tells whether a label still has to be scanned back.
func (l labelPrint) open() bool { return l.State != "scanned-back" && l.State != "destroyed" }

type field struct {
	ID       string `json:"field"`
	Type     string `json:"type"`
	Expect   string `json:"expect"`
	Each     bool   `json:"each"`
	Optional bool   `json:"optional"`
	Asked    bool   `json:"asked"`
	Counted  bool   `json:"counted"`
	Beyond   bool   `json:"beyond"`
	OnBeyond string `json:"on_beyond"`
	Value    *struct {
		Value string `json:"value"`
	} `json:"value"`
	Remark *struct {
		Text string `json:"text"`
	} `json:"remark"`
}

// barred is what a field says whose value beyond the limit cannot be passed with a comment.
const barred = "block"

// Types of fields that are not typed.
const (
	scanned  = "scan"
	computed = "computed"
)

type therapyEvent struct {
	CoILabel   string      `json:"coi_label"`
	Donations  []donation  `json:"donations"`
	Containers []container `json:"containers"`
}

type donation struct {
	DIN string `json:"din"`
}

type container struct {
	ID        string `json:"id"`
	Path      string `json:"path"`
	Kind      string `json:"kind"`
	Label     string `json:"label"`
	Custodian struct {
		Party string `json:"party"`
	} `json:"custodian"`
}

type prompt struct {
	Digest   string   `json:"digest"`
	Refusals []reason `json:"refusals"`
}

type signedAct struct {
	Certificate string `json:"certificate"`
	Register    uint64 `json:"register"`
	PDF         string `json:"pdf_sha256"`
}

type review struct {
	Exceptions []exception `json:"exceptions"`
	Deviations []deviation `json:"deviations"`
}

type deviation struct {
	Number string `json:"number"`
	Open   bool   `json:"open"`
}

type exception struct {
	ID    string `json:"id"`
	Class string `json:"class"`
	Step  string `json:"step"`
	What  string `json:"what"`
	Open  bool   `json:"open"`
}

// Classes of exception that the player knows.
const (
	classIdentity = "identity"
	classOOS      = "oos"
	classInvalid  = "invalid-test"
)

type audit struct {
	Entries []auditEntry `json:"entries"`
}

type auditEntry struct {
	Seq  uint64 `json:"seq"`
	Leaf string `json:"leaf"`
	Type string `json:"type"`
}
