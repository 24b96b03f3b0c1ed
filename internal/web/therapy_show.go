package web

import (
	"context"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/web/desk"
)

func (a *api) custody() {
	const container = "/therapy-events/{coi}/containers/{container}"
	register(a, "GET /therapy-events/{coi}", "therapy-event", "Containers with their custodian and label, scans, handoffs", a.therapyShow)
	register(a, "POST "+container+"/offer", "offer", "Give a container to another party (I6)", a.handoffOffer)
	register(a, "POST "+container+"/withdraw", "withdraw", "Take back or decline an offer that nobody accepted (I6)", a.handoffWithdraw)
	register(a, "POST "+container+"/accept", "accept", "Take a container over, with a scan of its label (I4, I6)", a.handoffAccept)
}

type therapyIn struct {
	CoI string `path:"coi" example:"CHA999926000001"`
}

// therapyOut is one treatment of one patient.
type therapyOut struct {
	CoI        string         `json:"coi"`
	CoIPrint   string         `json:"coi_print"`
	CoILabel   string         `json:"coi_label" doc:"Data of the code on a wristband or form"`
	Subject    string         `json:"subject"`
	Site       string         `json:"site"`
	OrderedAt  string         `json:"ordered_at"`
	Version    uint64         `json:"version"`
	Donations  []donationOut  `json:"donations"`
	Containers []containerOut `json:"containers"`
	Scans      []labelScanOut `json:"scans"`
	Handoffs   []handoffOut   `json:"handoffs"`
}

type donationOut struct {
	DIN          string `json:"din"`
	RegisteredAt string `json:"registered_at"`
}

type labelScanOut struct {
	Purpose   string                 `json:"purpose"`
	Expected  chainofcustody.Kind    `json:"expected"`
	Raw       string                 `json:"raw"`
	Outcome   chainofcustody.Outcome `json:"outcome"`
	CoI       string                 `json:"coi,omitempty"`
	Container string                 `json:"container,omitempty"`
	Why       string                 `json:"why,omitempty"`
	By        string                 `json:"by"`
	At        string                 `json:"at"`
	Entry     uint64                 `json:"entry"`
}

func (a *api) therapyShow(ctx context.Context, at *desk.Desk, in *therapyIn) (*answer[therapyOut], error) {
	return therapyNow(ctx, at, in.CoI)
}

func therapyNow(ctx context.Context, at *desk.Desk, id string) (*answer[therapyOut], error) {
	coi, err := isbt128.ParseCoI(id)
	if err != nil {
		return nil, err
	}
	t, err := at.Plant.Custody.Load(ctx, coi)
	if err != nil {
		return nil, err
	}
	out := therapyOut{
		CoI: t.CoI.String(), CoIPrint: t.CoI.Print(), CoILabel: t.CoI.Label(), Subject: t.Subject, Site: t.Site, OrderedAt: utc(t.OrderedAt), Version: t.Version,
		Donations: []donationOut{}, Containers: []containerOut{}, Scans: []labelScanOut{}, Handoffs: []handoffOut{},
	}
	for _, d := range t.Donations {
		out.Donations = append(out.Donations, donationOut{d.DIN.String(), utc(d.RegisteredAt)})
	}
	for _, c := range t.Containers {
		out.Containers = append(out.Containers, containerState(at, t.CoI, c))
	}
	for _, s := range t.Scans {
		out.Scans = append(out.Scans, labelScanOut{s.Purpose, s.Expected, s.Raw, s.Outcome, s.CoI, s.Container, s.Why, s.By, utc(s.At), s.Seq})
	}
	for _, o := range t.Offers {
		out.Handoffs = append(out.Handoffs, handoffState(o))
	}
	return &answer[therapyOut]{Body: out}, nil
}
