package web

import (
	"context"
	"time"

	"rexbatch/chainofcustody/bedside"
	"rexbatch/chainofcustody/phone"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
	"rexbatch/release"
)

// bedsideOut is everything at the bedside of a batch, as the record says.
type bedsideOut struct {
	Batch      string           `json:"batch"`
	Statement  *bedside.Stated  `json:"statement,omitempty" doc:"The newest that phones go by"`
	Recall     *bedside.Recall  `json:"recall,omitempty"`
	Recallable *recallableOut   `json:"recallable,omitempty" doc:"What a recall withdraws now; none while there is nothing to recall"`
	Scans      []bedside.Scan   `json:"scans"`
	Stops      []bedside.Stop   `json:"stops"`
	Infusions  []infusionOut    `json:"infusions"`
	StrayEnds  []bedside.End    `json:"stray_ends,omitempty" doc:"Ends whose start no phone delivered"`
	Requests   []bedRequestOut  `json:"requests"`
	Passes     []passState      `json:"passes"`
	Statements []bedside.Stated `json:"statements"`
}

type recallableOut struct {
	Certificates []string `json:"certificates"`
	Begun        bool     `json:"begun" doc:"It was given, or is being given: the recall is told then, and holds nothing"`
	ShownDigest  string   `json:"shown_digest" doc:"SHA-256 of what is shown; to be stated by who signs the recall"`
}

type infusionOut struct {
	*bedside.Start
	Entry  uint64       `json:"entry"`
	By     string       `json:"by"`
	AgeSec *int         `json:"recall_check_age_s,omitempty" doc:"How old the last look for a recall was when it began, at most"`
	End    *bedside.End `json:"end,omitempty"`
	Dose   string       `json:"dose,omitempty" doc:"Volume given × concentration; only for those who read the record, since it tells the arm (I11)"`
}

type bedRequestOut struct {
	*bedside.Request
	Entry  uint64          `json:"entry"`
	By     string          `json:"by"`
	Answer *bedside.Answer `json:"answer,omitempty"`
}

func (a *api) bedsideShow(ctx context.Context, at *desk.Desk, in *batchIn) (*answer[bedsideOut], error) {
	return bedsideNow(ctx, at, in.Batch)
}

func bedsideNow(ctx context.Context, at *desk.Desk, number string) (*answer[bedsideOut], error) {
	b, err := at.Plant.Batches.Load(ctx, number)
	if err != nil {
		return nil, err
	}
	bed, err := at.Plant.Batches.Bedside().Load(ctx, number)
	if err != nil {
		return nil, err
	}
	passes, err := at.Plant.People.Passes(ctx, phone.BedScope(number))
	if err != nil {
		return nil, err
	}
	out := bedsideOut{
		Batch: number, Statement: bed.Current(), Recall: bed.Recall, Scans: orNone(bed.Scans), Stops: orNone(bed.Stops), Infusions: []infusionOut{}, StrayEnds: bed.Stray,
		Requests: []bedRequestOut{}, Passes: []passState{}, Statements: orNone(bed.Statements),
	}
	recallable, err := release.Recallable(b, bed)
	if err == nil {
		shown, err := recallable.Digest("")
		if err != nil {
			return nil, err
		}
		out.Recallable = &recallableOut{recallable.Certificates, recallable.Begun, shown.String()}
	}
	for _, s := range bed.Starts {
		line := infusionOut{Start: s, Entry: s.Seq, By: s.By, End: s.End}
		if age, ok := s.Age(); ok {
			sec := int(age / time.Second)
			line.AgeSec = &sec
		}
		if dose, ok := release.Dose(b, s.End); ok && at.Session.May(people.ReadRecord) {
			line.Dose = dose.String()
		}
		out.Infusions = append(out.Infusions, line)
	}
	for _, r := range bed.Requests {
		out.Requests = append(out.Requests, bedRequestOut{Request: r, Entry: r.Seq, By: r.By, Answer: r.Answer})
	}
	for _, p := range passes {
		out.Passes = append(out.Passes, passStateOf(p))
	}
	return &answer[bedsideOut]{Body: out}, nil
}

// orNone is a list that is written as one also when it is empty.
func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

type bedPassIn struct {
	Batch string `path:"batch" example:"SVQ2600001X"`
	Body  struct {
		Account string      `json:"account" example:"ines" doc:"Of the person who gets the link"`
		Role    people.Role `json:"role" example:"interventionist"`
		Hours   int         `json:"hours" minimum:"1" maximum:"168" doc:"For how long phones may be enrolled"`
		As      string      `json:"as,omitempty" example:"logistics" doc:"Role in which you issue it"`
	}
}

func (a *api) bedsidePass(ctx context.Context, at *desk.Desk, in *bedPassIn) (*answer[passOut], error) {
	by, err := at.Acting(in.Body.As, desk.GivesPasses)
	if err != nil {
		return nil, err
	}
	pass, secrets, err := at.BedPass(ctx, by, in.Batch, in.Body.Account, in.Body.Role, a.Clock().Add(time.Duration(in.Body.Hours)*time.Hour))
	if err != nil {
		return nil, err
	}
	return &answer[passOut]{Body: passOut{Pass: passStateOf(pass), Link: CourierPath + "#" + desk.PassLink(at.Plant, secrets.Token), PIN: secrets.PIN, Until: utc(pass.Until)}}, nil
}

type bedRevokeIn struct {
	Batch string `path:"batch"`
	Pass  string `path:"pass"`
	Body  struct {
		Reason string `json:"reason" example:"phone lost"`
		As     string `json:"as,omitempty"`
	}
}

func (a *api) bedsideRevoke(ctx context.Context, at *desk.Desk, in *bedRevokeIn) (*answer[passState], error) {
	return endPass(ctx, at, phone.BedScope(in.Batch), in.Pass, in.Body.As, in.Body.Reason)
}

type recallIn struct {
	Batch string `path:"batch" example:"SVQ2600001X"`
	Body  struct {
		Reason      string `json:"reason" example:"growth in the culture of another batch of that day"`
		ShownDigest string `json:"shown_digest" doc:"Of GET …/bedside: exactly what was shown (I8)"`
		Password    string `json:"password" doc:"Signs (I8)"`
		As          string `json:"as,omitempty" example:"qp"`
	}
}

func (a *api) recall(ctx context.Context, at *desk.Desk, in *recallIn) (*answer[bedsideOut], error) {
	by, err := at.Acting(in.Body.As, desk.Is(people.QP))
	if err != nil {
		return nil, err
	}
	shown, err := wasShown(in.Body.ShownDigest)
	if err != nil {
		return nil, err
	}
	err = at.Plant.Release.Recall(ctx, by, in.Batch, shown, in.Body.Reason, at.Signer(by.Role, in.Body.Password))
	if err != nil {
		return nil, err
	}
	return bedsideNow(ctx, at, in.Batch)
}

type bedAnswerIn struct {
	Batch   string `path:"batch" example:"SVQ2600001X"`
	Request uint64 `path:"request" doc:"Position of the request's entry"`
	Body    struct {
		Supply   bool   `json:"supply" doc:"The plant will supply it at the physician's request, with its own document; nothing is lifted at the bedside"`
		Text     string `json:"text"`
		Password string `json:"password" doc:"Signs (I8)"`
		As       string `json:"as,omitempty" example:"qp"`
	}
}

func (a *api) bedsideAnswer(ctx context.Context, at *desk.Desk, in *bedAnswerIn) (*answer[bedsideOut], error) {
	by, err := at.Acting(in.Body.As, desk.Is(people.QP))
	if err != nil {
		return nil, err
	}
	err = at.Plant.Release.Answer(ctx, by, in.Batch, in.Request, in.Body.Supply, in.Body.Text, at.Signer(by.Role, in.Body.Password))
	if err != nil {
		return nil, err
	}
	return bedsideNow(ctx, at, in.Batch)
}
