package release

import (
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"rexbatch/internal/ledger"
)

// RegisterEntry is one line of the plant's register: numbered without a gap, because the number is its position
// in the register's stream (QP-8; requirements 3.5). It is never changed; a correction is a further entry.
type RegisterEntry struct {
	Number      uint64        `json:"number"`
	At          time.Time     `json:"at"`
	Product     string        `json:"product"`
	Batch       string        `json:"batch"`
	CoI         string        `json:"coi"`
	Trial       string        `json:"trial"`
	Decision    Decision      `json:"decision"`
	Certificate string        `json:"certificate"`
	PDF         ledger.Digest `json:"pdf"` // SHA-256 of the signed certificate
	QP          string        `json:"qp"`
	Account     string        `json:"account"`
	Signed      ledger.Digest `json:"signed"` // what the Qualified Person's signature is over
	Remark      string        `json:"remark,omitempty"`
	Recalled    uint64        `json:"recalled,omitempty" doc:"Number of the line that recalled it, where that was asked for"`
	Seq         uint64        `json:"seq"`
}

// Decision is what a register entry records.
type Decision string

// The decisions.
const (
	InitialCertification Decision = "initial certification"
	FinalCertification   Decision = "final certification"
	Recall               Decision = "recall" // of a certificate that stays as it was signed (AT-57)
)

const (
	typeRegistered    = "release.register-entry"
	registerPrefix    = "register/"
	certificatePrefix = "certificate/"
)

// registered is a register entry as it stands in the ledger; number, time and author come from the entry itself.
type registered struct {
	Product     string        `json:"product"`
	Batch       string        `json:"batch"`
	CoI         string        `json:"coi"`
	Trial       string        `json:"trial"`
	Decision    Decision      `json:"decision"`
	Certificate string        `json:"certificate"`
	PDF         ledger.Digest `json:"pdf"`
	QP          string        `json:"qp"`
	Signed      ledger.Digest `json:"signed"`
	Remark      string        `json:"remark,omitempty"` // of a recall: its reason
}

// RegisterStream is the register of a plant.
func RegisterStream(site string) string { return registerPrefix + site }

func registerEntry(e ledger.Entry) (RegisterEntry, error) {
	var d registered
	if e.Type != typeRegistered {
		return RegisterEntry{}, fmt.Errorf("register entry %d: unknown type %q", e.Seq, e.Type)
	}
	err := json.Unmarshal(e.Data, &d)
	if err != nil {
		return RegisterEntry{}, fmt.Errorf("register entry %d: %w", e.Seq, err)
	}
	return RegisterEntry{
		Number: e.Version, At: e.Time, Product: d.Product, Batch: d.Batch, CoI: d.CoI, Trial: d.Trial, Decision: d.Decision,
		Certificate: d.Certificate, PDF: d.PDF, QP: d.QP, Account: e.Author.Account, Signed: d.Signed, Remark: d.Remark, Seq: e.Seq,
	}, nil
}

// CertificateRef is where a certificate is found: a view, derived from the register.
type CertificateRef struct {
	Number   string        `json:"number"`
	Batch    string        `json:"batch"`
	Register uint64        `json:"register"`
	PDF      ledger.Digest `json:"pdf"`
	Decision Decision      `json:"decision"`
	Recalled uint64        `json:"recalled,omitempty" doc:"Number of the register's line of its recall"`
}

// refer folds a register's line into references. A recall is of every certificate of its batch, and leaves the line of
// each certification as the one to prove.
func refer(number uint64, d registered, refs map[string]CertificateRef) {
	if d.Decision != Recall {
		refs[d.Certificate] = CertificateRef{Number: d.Certificate, Batch: d.Batch, Register: number, PDF: d.PDF, Decision: d.Decision}
		return
	}
	for name, ref := range refs {
		if ref.Batch == d.Batch {
			ref.Recalled = number
			refs[name] = ref
		}
	}
}

// views are the documents of references.
func views(refs map[string]CertificateRef) (map[string][]byte, error) {
	out := map[string][]byte{}
	for _, ref := range refs {
		doc, err := json.Marshal(ref)
		if err != nil {
			return nil, fmt.Errorf("certificate %s: %w", ref.Number, err)
		}
		out[certificatePrefix+ref.Number] = doc
	}
	return out, nil
}

// Projection rebuilds the views by certificate number from the register.
func Projection() ledger.Projection {
	return ledger.Projection{
		Prefix: registerPrefix,
		Views: func(_ ledger.BlobReader, entries iter.Seq2[ledger.Entry, error]) (map[string][]byte, error) {
			refs := map[string]CertificateRef{}
			for e, err := range entries {
				if err != nil {
					return nil, err
				}
				var d registered
				err = json.Unmarshal(e.Data, &d)
				if err != nil {
					return nil, fmt.Errorf("register entry %d: %w", e.Seq, err)
				}
				refer(e.Version, d, refs)
			}
			return views(refs)
		},
	}
}
