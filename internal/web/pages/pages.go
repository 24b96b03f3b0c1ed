// Package pages is the server-rendered interface: sign-in, worklist, batch, release, register, record.
//
// A page turns the state of a batch into what one person may do next and a form into one command. It decides
// nothing: what a person may do is asked of the pure decisions of the domain rooms, and every refusal is shown
// with its rule and what to do now, in the person's language. Pages work as plain forms (post, redirect, get)
// without a script; the small modules in templates/static add the scanner, the keypad and the warning sounds.
//
// Text of the pages is in templates/lang, approved wording of the recipe comes from the recipe. Nothing here
// writes a style or a script into a page: the content policy allows files of this server only.
package pages

import (
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"rexbatch/internal/web/desk"
	"rexbatch/templates"
)

// site is the pages of one server.
type site struct {
	deps  *desk.Deps
	all   map[string]catalogue
	views *views
}

// handler is a page or an action of one person.
type handler func(*visit) error

// Mount adds the pages and their static files to a server, and becomes the page of its errors.
func Mount(e *echo.Echo, d *desk.Deps) error {
	all, err := catalogues()
	if err != nil {
		return err
	}
	v, err := parsed()
	if err != nil {
		return err
	}
	files, err := fs.Sub(templates.Static, "static")
	if err != nil {
		return fmt.Errorf("static files: %w", err)
	}
	s := &site{deps: d, all: all, views: v}
	d.ErrorPage = s.errorPage
	for _, r := range slices.Concat(s.routes(), s.peopleRoutes()) {
		e.Add(r.method, r.path, s.handle(r.handle))
	}
	e.GET("/static/*", static(http.FileServerFS(files)))
	return nil
}

type route struct {
	method, path string
	handle       handler
}

// routes are the pages with their handlers; who may use them stands in the desk's table.
func (s *site) routes() []route {
	const batch, step, lot, device, recipe = "/batches/:batch", "/batches/:batch/steps/:step", "/lots/:lot", "/equipment/:device", "/masters/:recipe/:version"
	const ship = "/shipments/:shipment"
	const deviation = batch + "/deviations/:deviation"
	return []route{
		{http.MethodGet, "/", (*visit).homeShow},
		{http.MethodGet, "/sign-in", (*visit).signInShow},
		{http.MethodPost, "/sign-in", (*visit).signInCreate},
		{http.MethodPost, "/sign-out", (*visit).signInEnd},
		{http.MethodGet, "/password", (*visit).passwordShow},
		{http.MethodPost, "/password", (*visit).passwordChange},
		{http.MethodGet, "/statement", (*visit).statementShow},
		{http.MethodPost, "/statement", (*visit).statementAccept},
		{http.MethodPost, "/language", (*visit).languageSet}, // before sign-in
		{http.MethodPost, "/me/language", (*visit).languageSet},
		{http.MethodPost, "/theme", (*visit).themeSet},
		{http.MethodGet, "/worklist", (*visit).worklistShow},
		{http.MethodPost, "/orders", (*visit).orderOpen},
		{http.MethodGet, "/orders/new", (*visit).orderNew},
		{http.MethodGet, batch + "/order", (*visit).orderShow},
		{http.MethodPost, batch + "/order/amend", (*visit).orderAmend},
		{http.MethodPost, batch + "/order/slot", (*visit).orderSlot},
		{http.MethodPost, batch + "/order/cancel", (*visit).orderCancel},
		{http.MethodGet, "/patients", (*visit).patientsShow},
		{http.MethodPost, "/patients/search", (*visit).patientFind},
		{http.MethodGet, "/patients/:subject", (*visit).patientShow},
		{http.MethodPost, "/patients/:subject/enrol", (*visit).patientEnrol},
		{http.MethodPost, "/patients/:subject/look", (*visit).patientLook},
		{http.MethodPost, "/patients/:subject/correct", (*visit).patientCorrect},
		{http.MethodPost, "/patients/:subject/destroy", (*visit).patientDestroy},
		{http.MethodGet, batch, (*visit).batchShow},
		{http.MethodGet, batch + "/timeline", (*visit).timelineShow},
		{http.MethodGet, batch + "/record", (*visit).recordShow},
		{http.MethodPost, batch + "/record-print", (*visit).printCreate},
		{http.MethodGet, batch + "/record-print/:print", (*visit).printShow},
		{http.MethodGet, batch + "/record-print/:print/pdf", (*visit).printDownload},
		{http.MethodGet, batch + "/release", (*visit).releaseShow},
		{http.MethodPost, batch + "/exceptions", (*visit).exceptionAssess},
		{http.MethodPost, batch + "/acts/:act", (*visit).actSign},
		{http.MethodPost, batch + "/handoff/offer", (*visit).handoffOffer},
		{http.MethodPost, batch + "/handoff/accept", (*visit).handoffAccept},
		{http.MethodPost, batch + "/handoff/withdraw", (*visit).handoffWithdraw},
		{http.MethodPost, step + "/fields/:field/enter", (*visit).fieldEnter},
		{http.MethodGet, step + "/fields/:field/echo", (*visit).fieldEcho},
		{http.MethodPost, step + "/fields/:field/scan", (*visit).fieldScan},
		{http.MethodPost, step + "/fields/:field/correct", (*visit).fieldCorrect},
		{http.MethodPost, step + "/fields/:field/comment", (*visit).fieldComment},
		{http.MethodGet, step + "/stop", (*visit).stopShow},
		{http.MethodGet, step + "/*", (*visit).stepAgain},
		{http.MethodGet, step + "/labels", (*visit).labelsShow},
		{http.MethodGet, step + "/labels/:container/:file", (*visit).labelFile},
		{http.MethodPost, step + "/labels", (*visit).labelsIssue},
		{http.MethodPost, step + "/labels/print", (*visit).labelsPrint},
		{http.MethodPost, step + "/labels/scan", (*visit).labelsScan},
		{http.MethodPost, step + "/labels/:container/scrap", (*visit).labelsScrap},
		{http.MethodPost, step + "/complete", (*visit).stepComplete},
		{http.MethodPost, step + "/shipment", (*visit).stepTake},
		{http.MethodPost, step + "/bedside", (*visit).stepTakeBed},
		{http.MethodPost, step + "/takeover", (*visit).stepTakeover},
		{http.MethodPost, step + "/verify", (*visit).stepVerify},
		{http.MethodPost, step + "/interrupt", (*visit).stepInterrupt},
		{http.MethodPost, step + "/at-risk", (*visit).stepAtRisk},
		{http.MethodPost, step + "/unscanned", (*visit).stepUnscanned},
		{http.MethodPost, batch + "/identity-proof", (*visit).identityProve},
		{http.MethodPost, batch + "/packs", (*visit).packIssue},
		{http.MethodPost, batch + "/packs/:pack/return", (*visit).packReturn},
		{http.MethodGet, batch + "/packs/:pack/pdf", (*visit).packPDF},
		{http.MethodPost, step + "/resume", (*visit).stepResume},
		{http.MethodGet, batch + "/course", (*visit).courseShow},
		{http.MethodPost, batch + "/hold", (*visit).batchHold},
		{http.MethodPost, batch + "/read-hold", (*visit).holdRead},
		{http.MethodPost, batch + "/release-hold", (*visit).holdRelease},
		{http.MethodPost, batch + "/stop", (*visit).batchStop},
		{http.MethodPost, batch + "/disposal", (*visit).batchDispose},
		{http.MethodGet, batch + "/containers", (*visit).containersShow},
		{http.MethodPost, batch + "/containers/division", (*visit).containerDivide},
		{http.MethodPost, batch + "/containers/pool", (*visit).containerPool},
		{http.MethodPost, batch + "/containers/tend", (*visit).containerTend},
		{http.MethodPost, batch + "/split", (*visit).batchSplit},
		{http.MethodPost, batch + "/further", (*visit).batchFurther},
		{http.MethodPost, batch + "/thaw", (*visit).batchThaw},
		{http.MethodGet, batch + "/bedside", (*visit).bedsideShow},
		{http.MethodPost, batch + "/bedside/passes", (*visit).bedPass},
		{http.MethodPost, batch + "/bedside/recall", (*visit).bedRecall},
		{http.MethodPost, batch + "/bedside/requests/:request/answer", (*visit).bedAnswer},
		{http.MethodPost, batch + "/deviations", (*visit).deviationOpen},
		{http.MethodGet, deviation, (*visit).deviationShow},
		{http.MethodPost, deviation + "/classify", (*visit).deviationClassify},
		{http.MethodPost, deviation + "/investigate", (*visit).deviationInvestigate},
		{http.MethodPost, deviation + "/approve", (*visit).deviationApprove},
		{http.MethodPost, deviation + "/allowances", (*visit).allowancePropose},
		{http.MethodPost, deviation + "/allowances/:allowance/approve", (*visit).allowanceApprove},
		{http.MethodPost, deviation + "/allowances/:allowance/decline", (*visit).allowanceDecline},
		{http.MethodGet, "/lots", (*visit).lotList},
		{http.MethodGet, "/trace", (*visit).traceShow},
		{http.MethodGet, "/trace/csv", (*visit).traceDownload},
		{http.MethodGet, "/trace/epcis", (*visit).traceEPCIS},
		{http.MethodGet, "/trace/fhir", (*visit).traceFHIR},
		{http.MethodPost, "/lots", (*visit).lotReceive},
		{http.MethodGet, "/lots/receive", (*visit).lotReceiveShow},
		{http.MethodGet, lot, (*visit).lotShow},
		{http.MethodPost, lot + "/release", (*visit).lotRelease},
		{http.MethodPost, lot + "/block", (*visit).lotBlock},
		{http.MethodPost, lot + "/unblock", (*visit).lotUnblock},
		{http.MethodPost, lot + "/clear", (*visit).lotClear},
		{http.MethodPost, lot + "/open", (*visit).lotOpen},
		{http.MethodPost, lot + "/discard", (*visit).lotDiscard},
		{http.MethodGet, "/areas", (*visit).areaList},
		{http.MethodPost, "/areas", (*visit).areaRegister},
		{http.MethodGet, "/areas/:area", (*visit).areaShow},
		{http.MethodPost, "/areas/:area/clear", (*visit).areaClear},
		{http.MethodPost, "/areas/:area/free", (*visit).areaFree},
		{http.MethodPost, "/areas/:area/readings", (*visit).areaReadings},
		{http.MethodPost, "/areas/:area/plates", (*visit).platePlace},
		{http.MethodPost, "/areas/:area/plates/:plate/result", (*visit).plateRead},
		{http.MethodGet, "/equipment", (*visit).deviceList},
		{http.MethodPost, "/equipment", (*visit).deviceRegister},
		{http.MethodGet, "/equipment/register", (*visit).deviceRegisterShow},
		{http.MethodGet, device, (*visit).deviceShow},
		{http.MethodPost, device + "/control", (*visit).deviceControl},
		{http.MethodPost, device + "/clean", (*visit).deviceClean},
		{http.MethodPost, device + "/calibrate", (*visit).deviceCalibrate},
		{http.MethodPost, device + "/qualify", (*visit).deviceQualify},
		{http.MethodPost, device + "/alarm", (*visit).deviceAlarm},
		{http.MethodPost, device + "/alarms/:alarm/close", (*visit).deviceAlarmClose},
		{http.MethodPost, device + "/programme", (*visit).deviceProgramme},
		{http.MethodPost, device + "/retire", (*visit).deviceRetire},
		{http.MethodGet, "/masters", (*visit).masterList},
		{http.MethodPost, "/masters", (*visit).masterDraft},
		{http.MethodGet, recipe, (*visit).masterShow},
		{http.MethodGet, recipe + "/file", (*visit).masterFile},
		{http.MethodPost, recipe + "/revise", (*visit).masterRevise},
		{http.MethodPost, recipe + "/submit", (*visit).masterSubmit},
		{http.MethodPost, recipe + "/return", (*visit).masterReturn},
		{http.MethodPost, recipe + "/approve", (*visit).masterApprove},
		{http.MethodPost, recipe + "/withdraw", (*visit).masterWithdraw},
		{http.MethodGet, "/shipments", (*visit).shipmentList},
		{http.MethodPost, "/shipments", (*visit).shipmentPlan},
		{http.MethodGet, "/shipments/new", (*visit).shipmentNew},
		{http.MethodGet, "/shipments/unexpected", (*visit).shipmentUnexpectedShow},
		{http.MethodPost, "/shipments/unexpected", (*visit).shipmentUnexpected},
		{http.MethodGet, ship, (*visit).shipmentShow},
		{http.MethodGet, ship + "/files/:file", (*visit).shipmentFile},
		{http.MethodPost, ship + "/packing", (*visit).shipmentPack},
		{http.MethodPost, ship + "/unpacking", (*visit).shipmentUnpack},
		{http.MethodPost, ship + "/cancellation", (*visit).shipmentCancel},
		{http.MethodGet, ship + "/box/:file", (*visit).boxLabelFile},
		{http.MethodPost, ship + "/box", (*visit).boxLabelPrint},
		{http.MethodPost, ship + "/offer", (*visit).shipmentOffer},
		{http.MethodPost, ship + "/acceptance", (*visit).shipmentAccept},
		{http.MethodPost, ship + "/receipt", (*visit).shipmentReceive},
		{http.MethodPost, ship + "/storage", (*visit).shipmentStore},
		{http.MethodPost, ship + "/logger", (*visit).shipmentLogger},
		{http.MethodPost, ship + "/excursion", (*visit).shipmentExcursion},
		{http.MethodPost, ship + "/quarantine", (*visit).shipmentResolve},
		{http.MethodPost, ship + "/label", (*visit).shipmentLabel},
		{http.MethodPost, ship + "/plant", (*visit).shipmentSwitch},
		{http.MethodPost, ship + "/hand-on", (*visit).shipmentHandOn},
		{http.MethodGet, "/batches/:batch/dossier", (*visit).dossier},
		{http.MethodGet, "/taken-on", (*visit).takeOnShow},
		{http.MethodPost, "/taken-on", (*visit).takeOn},
		{http.MethodPost, ship + "/acknowledgement", (*visit).shipmentTell},
		{http.MethodPost, ship + "/call", (*visit).shipmentCall},
		{http.MethodPost, "/on-call", (*visit).onCallName},
		{http.MethodPost, ship + "/closing", (*visit).shipmentClose},
		{http.MethodGet, ship + "/passes", (*visit).passesShow},
		{http.MethodPost, ship + "/passes", (*visit).passIssue},
		{http.MethodPost, ship + "/passes/:pass/revoke", (*visit).passRevoke},
		{http.MethodGet, "/harvests", (*visit).harvestList},
		{http.MethodGet, "/register", (*visit).registerShow},
		{http.MethodGet, "/certificates", (*visit).certificatesShow},
		{http.MethodGet, "/certificates/:certificate", (*visit).certificateDownload},
	}
}

func (s *site) handle(h handler) echo.HandlerFunc {
	return func(c echo.Context) error {
		v := s.visit(c)
		if v.desk != nil && v.desk.Session.MustChange && c.Path() != "/password" && c.Path() != "/sign-out" && c.Path() != "/me/language" {
			return v.to("/password")
		}
		return h(v)
	}
}

// static serves the embedded files. They change only with the program, whose version is part of their address.
func static(files http.Handler) echo.HandlerFunc {
	files = http.StripPrefix("/static/", files)
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Cache-Control", "public, max-age="+fmt.Sprint(int((time.Hour).Seconds())))
		files.ServeHTTP(c.Response(), c.Request())
		return nil
	}
}
