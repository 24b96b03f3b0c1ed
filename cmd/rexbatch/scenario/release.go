package scenario

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
)

// The acts that are signed, by their names in the API.
const (
	actReview     = "qa-review"
	actProduction = "head-of-production"
	actQuality    = "head-of-quality-control"
	actCertify    = "certification"
	actSponsor    = "sponsor-release"
)

var acts = []string{actReview, actProduction, actQuality, actCertify, actSponsor}

// signatory is the role that signs an act.
var signatory = map[string]string{
	actReview: "qa", actProduction: "head-production", actQuality: "head-qc", actCertify: "qp", actSponsor: "sponsor",
}

// ruleHeads stands against a certification while the two heads of a German plant have not signed (QP-7).
const ruleHeads = "QP-7"

// sign plays a step that is done by a signature.
func (p *play) sign(ctx context.Context, s step) error {
	if slices.Contains(p.s.Skip, s.Act) {
		p.say(fmt.Sprintf("%s: %s is left out on purpose", s.ID, s.Act))
		return nil
	}
	p.result.Steps++
	if s.Act != actCertify {
		_, err := p.act(ctx, s.Act)
		return err
	}
	return p.certify(ctx)
}

// act shows an act to the person whose it is, who signs over what was shown with their password. When an act
// other than the expected one is refused, the story ends there.
func (p *play) act(ctx context.Context, act string) (signedAct, error) {
	var out signedAct
	// The second of two has not had hands on the batch: whoever reviews must be independent (CS-44).
	who, err := p.as(ctx, signatory[act], true)
	if err != nil {
		return out, err
	}
	path := at("batches", p.batch, "acts", act)
	var shown prompt
	err = who.get(ctx, path, &shown)
	if err != nil {
		return out, fmt.Errorf("%s: %w", act, err)
	}
	err = who.send(ctx, path, map[string]string{"digest": shown.Digest, "password": who.password()}, &out)
	if refused := problemOf(err); refused != nil && refused.Status < http.StatusInternalServerError {
		p.result.Outcome, p.result.Act, p.result.Rules = Refused, act, refused.Rules()
		p.result.Summary = fmt.Sprintf("%s refused: %v: %s", act, refused.Rules(), refused.Detail)
		p.say(p.result.Summary)
		err = p.count(ctx)
		if err != nil {
			return out, err
		}
		return out, errEnd
	}
	if err != nil {
		return out, fmt.Errorf("%s: %w", act, err)
	}
	p.say(fmt.Sprintf("%s: signed by %s", act, p.s.People[who.username].Name))
	return out, nil
}

// certify is the Qualified Person's step: the heads sign first where the plant needs them, then the certification,
// then everything that a stranger needs to check the certificate is written, then the sponsor releases.
func (p *play) certify(ctx context.Context) error {
	qp, err := p.as(ctx, signatory[actCertify], true)
	if err != nil {
		return err
	}
	var shown prompt
	err = qp.get(ctx, at("batches", p.batch, "acts", actCertify), &shown)
	if err != nil {
		return fmt.Errorf("%s: %w", actCertify, err)
	}
	if slices.Contains(rulesOf(shown.Refusals), ruleHeads) {
		for _, act := range []string{actProduction, actQuality} {
			if slices.Contains(p.s.Skip, act) {
				continue
			}
			_, err = p.act(ctx, act)
			if err != nil {
				return err
			}
		}
	}
	certified, err := p.act(ctx, actCertify)
	if err != nil {
		return err
	}
	p.result.Outcome, p.result.Act = Certified, actCertify
	p.result.Summary = fmt.Sprintf("certified, certificate %s, register entry %d", certified.Certificate, certified.Register)
	err = p.save(ctx, qp, certified)
	if err != nil {
		return err
	}
	if slices.Contains(p.s.Skip, actSponsor) {
		return nil
	}
	_, err = p.act(ctx, actSponsor)
	return err
}

// save writes the certificate, the proof that the ledger knows it, the authority to trust and the log's key.
func (p *play) save(ctx context.Context, qp *actor, c signedAct) error {
	path := apiPath + at("certificates", c.Certificate)
	files := []struct {
		name, from string
		who        *actor
	}{
		{c.Certificate + ".pdf", path, qp},
		{c.Certificate + ".proof.json", path + "/proof", qp},
		{"ca.pem", "/ca.pem", nil},
		{p.s.Site + ".log.pub", apiPath + "/ledger/key", qp},
	}
	for _, f := range files {
		content, err := p.download(ctx, f.who, f.from)
		if err != nil {
			return fmt.Errorf("download %s: %w", f.name, err)
		}
		if f.from == path {
			sum := sha256.Sum256(content)
			if hex.EncodeToString(sum[:]) != c.PDF {
				p.result.fault("the certificate that was downloaded is not the one that was signed")
			}
		}
		file := filepath.Join(p.stage.Out, filepath.Base(f.name))
		err = os.WriteFile(file, content, 0o644)
		if err != nil {
			return fmt.Errorf("write certificate: %w", err)
		}
		p.result.Files = append(p.result.Files, file)
	}
	return nil
}
