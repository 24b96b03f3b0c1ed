package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"

	"rexbatch/internal/web/desk"
)

// huma keeps its way of making errors in package variables; these are set once for the program, before any server.
func init() {
	huma.DefaultArrayNullable = false
	huma.NewErrorWithContext = func(c huma.Context, status int, _ string, errs ...error) huma.StatusError {
		p := schemaProblem(status, errs)
		if c != nil {
			p.Request = desk.RequestID(c.Context())
		}
		return p
	}
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return huma.NewErrorWithContext(nil, status, msg, errs...)
	}
}

// schemaProblem answers an input that does not have the described form. It names the place, never the value: that
// may be a password.
func schemaProblem(status int, errs []error) *desk.Problem {
	var reasons []desk.Reason
	detail := "the request does not have the form that the API describes"
	for _, err := range errs {
		d, ok := err.(huma.ErrorDetailer)
		if !ok {
			continue
		}
		at := d.ErrorDetail()
		reasons = append(reasons, desk.Reason{Code: "schema", Detail: at.Message, Args: map[string]string{"where": at.Location}})
	}
	if len(reasons) > 0 {
		detail = fmt.Sprintf("%s: %s", reasons[0].Args["where"], reasons[0].Detail)
	}
	return desk.Schema(status, detail, reasons)
}

// api is where handlers of the JSON API are registered.
type api struct {
	*desk.Deps
	huma huma.API
	err  error // the first route that is not in the table
}

func (s *Server) mountAPI() error {
	format := huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: json.Unmarshal}
	config := huma.Config{
		OpenAPI:       document(s.opt.Version),
		Formats:       map[string]huma.Format{"application/json": format, "json": format},
		DefaultFormat: "application/json",
	}
	config.RejectUnknownQueryParameters = true
	a := &api{Deps: s.desk, huma: humaecho.New(s.echo, config)}
	a.sessions()
	a.accounts()
	a.batches()
	a.steps()
	a.course()
	a.custody()
	a.tree()
	a.patients()
	a.shipments()
	a.recipe()
	a.equipment()
	a.lots()
	a.traces()
	a.exchange()
	a.switching()
	a.areas()
	a.masters()
	a.release()
	a.prints()
	a.packs()
	a.ledger()
	a.people()
	a.courier()
	if a.err != nil {
		return a.err
	}
	spec, err := json.Marshal(a.huma.OpenAPI())
	if err != nil {
		return fmt.Errorf("describe the API: %w", err)
	}
	s.echo.GET("/api/openapi.json", func(c echo.Context) error {
		return c.Blob(http.StatusOK, "application/openapi+json", spec)
	})
	return nil
}

// handler does one operation. at is nil on routes that need nobody.
type handler[I, O any] func(ctx context.Context, at *desk.Desk, in *I) (*O, error)

// register adds an operation at "METHOD /path" below /api/v1. What it needs stands in the table of routes, not here.
func register[I, O any](a *api, at, id, summary string, do handler[I, O], with ...func(*huma.Operation)) {
	method, path, _ := strings.Cut(at, " ")
	path = desk.API + path
	route, ok := desk.RouteOf(method, echoPath(path))
	if !ok && a.err == nil {
		a.err = fmt.Errorf("web: operation %s (%s) is not in the table of routes", id, at)
	}
	if part := unread(reflect.TypeFor[I]()); part != "" && a.err == nil {
		a.err = fmt.Errorf("web: operation %s (%s) has the part %s in its input, which is not exported: huma would leave it empty", id, at, part)
	}
	op := huma.Operation{
		OperationID: id, Method: method, Path: path, Summary: summary, MaxBodyBytes: maxBody + 1, BodyReadTimeout: readTimeout,
		Tags: []string{strings.Split(strings.TrimPrefix(path, desk.API+"/"), "/")[0]}, Description: "Needs: " + route.Who.String() + ".",
		Middlewares: huma.Middlewares{bodyForm(a)},
	}
	if route.Who.Public() {
		op.Security = []map[string][]string{}
	}
	for _, f := range with {
		f(&op)
	}
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := do(ctx, desk.From(ctx), in)
		if err != nil {
			return nil, a.Problem(ctx, err)
		}
		return out, nil
	})
}

// unread is the embedded part of an input that is not exported; empty for none.
func unread(input reflect.Type) string {
	if input.Kind() != reflect.Struct {
		return ""
	}
	for i := range input.NumField() {
		if f := input.Field(i); f.Anonymous && !f.IsExported() {
			return f.Name
		}
	}
	return ""
}

// makes says that an operation makes something new.
func makes(op *huma.Operation) { op.DefaultStatus = http.StatusCreated }

// gives says that an operation answers with something else than JSON.
func gives(contentType string) func(*huma.Operation) {
	return func(op *huma.Operation) {
		content := map[string]*huma.MediaType{contentType: {Schema: &huma.Schema{Type: huma.TypeString}}}
		op.Responses = map[string]*huma.Response{"200": {Description: "OK", Content: content}}
	}
}

// bodyForm holds the form of a body before huma decodes it.
func bodyForm(a *api) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		c := humaecho.Unwrap(ctx)
		err := strictJSON(func(echo.Context) error { next(ctx); return nil })(c)
		if err == nil {
			return
		}
		p := a.Problem(ctx.Context(), err)
		err = writeProblem(c, p)
		if err != nil {
			a.Logger.Debug("answer not sent", "request", p.Request, "cause", err.Error())
		}
	}
}

// echoPath writes {name} as :name.
func echoPath(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}
