package web

import (
	"context"
	"encoding/base64"
	"fmt"

	"github.com/danielgtaylor/huma/v2"

	"rexbatch/chainofcustody/foreign"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

// The media types of what leaves for other systems.
const (
	jsonLD   = "application/ld+json"
	fhirJSON = "application/fhir+json; fhirVersion=5.0"
)

func (a *api) exchange() {
	register(a, "GET /exports/epcis", "export-epcis", "All custody events of the plant (EPCIS 2.0, JSON-LD), imported ones among them", a.epcisAll, gives(jsonLD))
	register(a, "GET /therapy-events/{coi}/epcis", "export-epcis-of", "The custody events of one therapy event (EPCIS 2.0, JSON-LD)", a.epcisOf, gives(jsonLD))
	register(a, "GET /batches/{batch}/fhir", "export-fhir", "The final product of a batch (FHIR R5: BiologicallyDerivedProduct and BiologicallyDerivedProductDispense)", a.fhirOf, gives("application/fhir+json"))
	register(a, "POST /imports/epcis", "import-epcis", "Take custody events from elsewhere as evidence: they move nothing (I14)", a.epcisImport, makes, carriesForeign)
	register(a, "POST /imports/fhir", "import-fhir", "Take the bundle of a product from elsewhere as evidence: it moves nothing (I14)", a.fhirImport, makes)
}

// carriesDossier lets an operation take a dossier.
func carriesDossier(op *huma.Operation) { op.MaxBodyBytes = maxDossierBody + 1 }

// carriesForeign lets an operation take a whole document.
func carriesForeign(op *huma.Operation) { op.MaxBodyBytes = maxForeignBody + 1 }

func download(contentType, name string, body []byte) *text {
	return &text{ContentType: contentType, ContentDisposition: fmt.Sprintf("attachment; filename=%q", name), Body: body}
}

func (a *api) epcisAll(ctx context.Context, at *desk.Desk, _ *struct{}) (*text, error) {
	doc, err := at.Plant.Release.EPCIS(ctx, "")
	if err != nil {
		return nil, err
	}
	return download(jsonLD, at.Plant.Site()+".epcis.json", doc), nil
}

type epcisOfIn struct {
	CoI string `path:"coi" example:"CHA999926000001"`
}

func (a *api) epcisOf(ctx context.Context, at *desk.Desk, in *epcisOfIn) (*text, error) {
	coi, err := isbt128.ParseCoI(in.CoI)
	if err != nil {
		return nil, err
	}
	doc, err := at.Plant.Release.EPCIS(ctx, coi.String())
	if err != nil {
		return nil, err
	}
	return download(jsonLD, coi.String()+".epcis.json", doc), nil
}

func (a *api) fhirOf(ctx context.Context, at *desk.Desk, in *batchIn) (*text, error) {
	doc, err := at.Plant.Release.FHIR(ctx, in.Batch)
	if err != nil {
		return nil, err
	}
	return download(fhirJSON, in.Batch+".fhir.json", doc), nil
}

type importIn struct {
	Body struct {
		Document string `json:"document" doc:"The file, base64: its bytes are kept as they are"`
		Reason   string `json:"reason" example:"moved from Seville" doc:"Why it is brought, as it stands in the record"`
		Role     string `json:"role,omitempty" example:"qa"`
	}
}

func (a *api) epcisImport(ctx context.Context, at *desk.Desk, in *importIn) (*answer[foreign.Result], error) {
	return imported(ctx, at, in, at.Plant.Release.ImportEPCIS)
}

func (a *api) fhirImport(ctx context.Context, at *desk.Desk, in *importIn) (*answer[foreign.Result], error) {
	return imported(ctx, at, in, at.Plant.Release.ImportFHIR)
}

func imported(ctx context.Context, at *desk.Desk, in *importIn, take func(context.Context, ledger.Author, []byte, string) (foreign.Result, error)) (*answer[foreign.Result], error) {
	by, err := at.Acting(in.Body.Role, anyRole)
	if err != nil {
		return nil, err
	}
	file, err := base64.StdEncoding.DecodeString(in.Body.Document)
	if err != nil {
		return nil, foreign.Refuse("it is not base64")
	}
	result, err := take(ctx, by, file, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &answer[foreign.Result]{Body: result}, nil
}
