import { A as e, C as t, D as n, E as r, F as i, I as a, L as o, M as s, N as c, O as l, P as u, S as d, T as f, _ as p, a as m, b as h, c as g, d as _, f as v, g as ee, h as te, i as ne, j as re, k as ie, l as ae, m as oe, n as y, o as se, p as ce, r as le, s as ue, t as de, u as fe, v as pe, w as b, x, y as S } from "../share.js";
//#region src/full/zxing_full.js
async function C(e = {}) {
	var t, n, r, i = e, a = !!globalThis.window, o = typeof Bun < "u", s = !!globalThis.WorkerGlobalScope;
	(n = globalThis.process) != null && (n = n.versions) != null && n.node && ((r = globalThis.process) == null || r.type);
	var c = "./this.program", l, u = "";
	function d(e) {
		return i.locateFile ? i.locateFile(e, u) : u + e;
	}
	var f, p;
	if (a || s || o) {
		try {
			u = new URL(".", l).href;
		} catch {}
		s && (p = (e) => {
			var t = new XMLHttpRequest();
			return t.open("GET", e, !1), t.responseType = "arraybuffer", t.send(null), new Uint8Array(t.response);
		}), f = async (e) => {
			var t = await fetch(e, { credentials: "same-origin" });
			if (t.ok) return t.arrayBuffer();
			throw Error(t.status + " : " + t.url);
		};
	}
	var m = console.log.bind(console), h = console.error.bind(console), g, _ = !1, v, ee, te = !1;
	function ne() {
		var e = nr.buffer;
		S = new Int8Array(e), b = new Int16Array(e), i.HEAPU8 = D = new Uint8Array(e), T = new Uint16Array(e), x = new Int32Array(e), E = new Uint32Array(e), C = new Float32Array(e), w = new Float64Array(e);
	}
	function re() {
		if (i.preRun) for (typeof i.preRun == "function" && (i.preRun = [i.preRun]); i.preRun.length;) _e(i.preRun.shift());
		O(ge);
	}
	function ie() {
		te = !0, qr.Ja();
	}
	function ae() {
		if (i.postRun) for (typeof i.postRun == "function" && (i.postRun = [i.postRun]); i.postRun.length;) he(i.postRun.shift());
		O(me);
	}
	function oe(e) {
		var t, n;
		(t = i.onAbort) == null || t.call(i, e), e = "Aborted(" + e + ")", h(e), _ = !0, e += ". Build with -sASSERTIONS for more info.";
		var r = new WebAssembly.RuntimeError(e);
		throw (n = ee) == null || n(r), r;
	}
	var y;
	function se() {
		return d("zxing_full.wasm");
	}
	function ce(e) {
		if (e == y && g) return new Uint8Array(g);
		if (p) return p(e);
		throw "both async and sync fetching of the wasm failed";
	}
	async function le(e) {
		if (!g) try {
			var t = await f(e);
			return new Uint8Array(t);
		} catch {}
		return ce(e);
	}
	async function ue(e, t) {
		try {
			var n = await le(e);
			return await WebAssembly.instantiate(n, t);
		} catch (e) {
			h(`failed to asynchronously prepare wasm: ${e}`), oe(e);
		}
	}
	async function de(e, t, n) {
		if (!e && WebAssembly.instantiateStreaming) try {
			var r = fetch(t, { credentials: "same-origin" });
			return await WebAssembly.instantiateStreaming(r, n);
		} catch (e) {
			h(`wasm streaming compile failed: ${e}`), h("falling back to ArrayBuffer instantiation");
		}
		return ue(t, n);
	}
	function fe() {
		return { a: ar };
	}
	async function pe() {
		function e(e, t) {
			return qr = e.exports, ir(qr), ne(), qr;
		}
		function t(t) {
			return e(t.instance);
		}
		var n = fe();
		return i.instantiateWasm ? new Promise((t, r) => {
			i.instantiateWasm(n, (n, r) => {
				t(e(n, r));
			});
		}) : (y != null || (y = se()), t(await de(g, y, n)));
	}
	var b, x, S, C, w, T, E, D, O = (e) => {
		for (; e.length > 0;) e.shift()(i);
	}, me = [], he = (e) => me.push(e), ge = [], _e = (e) => ge.push(e), k = (e) => Jn(e), A = () => Yn(), ve = [], ye = 0, be = (e) => {
		var t = new Se(e);
		return t.get_caught() || (t.set_caught(!0), ye--), t.set_rethrown(!1), ve.push(t), Kn(e);
	}, j = 0, xe = () => {
		$(0, 0);
		var e = ve.pop();
		Xn(e.excPtr), j = 0;
	};
	class Se {
		constructor(e) {
			this.excPtr = e, this.ptr = e - 24;
		}
		set_type(e) {
			E[this.ptr + 4 >> 2] = e;
		}
		get_type() {
			return E[this.ptr + 4 >> 2];
		}
		set_destructor(e) {
			E[this.ptr + 8 >> 2] = e;
		}
		get_destructor() {
			return E[this.ptr + 8 >> 2];
		}
		set_caught(e) {
			e = +!!e, S[this.ptr + 12] = e;
		}
		get_caught() {
			return S[this.ptr + 12] != 0;
		}
		set_rethrown(e) {
			e = +!!e, S[this.ptr + 13] = e;
		}
		get_rethrown() {
			return S[this.ptr + 13] != 0;
		}
		init(e, t) {
			this.set_adjusted_ptr(0), this.set_type(e), this.set_destructor(t);
		}
		set_adjusted_ptr(e) {
			E[this.ptr + 16 >> 2] = e;
		}
		get_adjusted_ptr() {
			return E[this.ptr + 16 >> 2];
		}
	}
	var Ce = (e) => qn(e), we = (e) => {
		var t = j;
		if (!t) return Ce(0), 0;
		var n = new Se(t);
		n.set_adjusted_ptr(t);
		var r = n.get_type();
		if (!r) return Ce(0), t;
		for (var i of e) {
			if (i === 0 || i === r) break;
			var a = n.ptr + 16;
			if (Qn(i, r, a)) return Ce(i), t;
		}
		return Ce(r), t;
	}, Te = () => we([]), Ee = (e) => we([e]), De = (e, t) => we([e, t]), Oe = () => {
		var e = ve.pop();
		e || oe("no exception to throw");
		var t = e.excPtr;
		throw e.get_rethrown() || (ve.push(e), e.set_rethrown(!0), e.set_caught(!1), ye++), Zn(t), j = t, j;
	}, ke = (e, t, n) => {
		throw new Se(e).init(t, n), Zn(e), j = e, ye++, j;
	}, Ae = () => ye, je = (e) => {
		throw j || (j = e), j;
	}, Me = globalThis.TextDecoder && new TextDecoder(), Ne = (e, t, n, r) => {
		var i = t + n;
		if (r) return i;
		for (; e[t] && !(t >= i);) ++t;
		return t;
	}, Pe = function(e) {
		let t = arguments.length > 1 && arguments[1] !== void 0 ? arguments[1] : 0, n = arguments.length > 2 ? arguments[2] : void 0, r = arguments.length > 3 ? arguments[3] : void 0;
		var i = Ne(e, t, n, r);
		if (i - t > 16 && e.buffer && Me) return Me.decode(e.subarray(t, i));
		for (var a = ""; t < i;) {
			var o = e[t++];
			if (!(o & 128)) {
				a += String.fromCharCode(o);
				continue;
			}
			var s = e[t++] & 63;
			if ((o & 224) == 192) {
				a += String.fromCharCode((o & 31) << 6 | s);
				continue;
			}
			var c = e[t++] & 63;
			if (o = (o & 240) == 224 ? (o & 15) << 12 | s << 6 | c : (o & 7) << 18 | s << 12 | c << 6 | e[t++] & 63, o < 65536) a += String.fromCharCode(o);
			else {
				var l = o - 65536;
				a += String.fromCharCode(55296 | l >> 10, 56320 | l & 1023);
			}
		}
		return a;
	}, Fe = (e, t, n) => e ? Pe(D, e, t, n) : "";
	function Ie(e, t, n) {
		return 0;
	}
	function Le(e, t, n) {
		return 0;
	}
	var Re = (e, t, n) => {};
	function ze(e, t, n, r) {}
	var Be = (e, t) => {}, Ve = () => oe(""), M = {}, He = (e) => {
		for (; e.length;) {
			var t = e.pop();
			e.pop()(t);
		}
	};
	function N(e) {
		return this.fromWireType(E[e >> 2]);
	}
	var P = {}, F = {}, I = {}, Ue = class extends Error {
		constructor(e) {
			super(e), this.name = "InternalError";
		}
	}, L = (e) => {
		throw new Ue(e);
	}, R = (e, t, n) => {
		e.forEach((e) => I[e] = t);
		function r(t) {
			var r = n(t);
			r.length !== e.length && L("Mismatched type converter count");
			for (var i = 0; i < e.length; ++i) H(e[i], r[i]);
		}
		var i = Array(t.length), a = [], o = 0;
		{
			let e = t;
			for (let t = 0; t < e.length; ++t) {
				let n = e[t];
				F.hasOwnProperty(n) ? i[t] = F[n] : (a.push(n), P.hasOwnProperty(n) || (P[n] = []), P[n].push(() => {
					i[t] = F[n], ++o, o === a.length && r(i);
				}));
			}
		}
		a.length === 0 && r(i);
	}, We = (e) => {
		var t = M[e];
		delete M[e];
		var n = t.rawConstructor, r = t.rawDestructor, i = t.fields, a = i.map((e) => e.getterReturnType).concat(i.map((e) => e.setterArgumentType));
		R([e], a, (e) => {
			var a = {};
			{
				let t = i;
				for (let n = 0; n < t.length; ++n) {
					let r = t[n], o = e[n], s = r.getter, c = r.getterContext, l = e[n + i.length], u = r.setter, d = r.setterContext;
					a[r.fieldName] = {
						read: (e) => o.fromWireType(s(c, e)),
						write: (e, t) => {
							var n = [];
							u(d, e, l.toWireType(n, t)), He(n);
						},
						optional: o.optional
					};
				}
			}
			return [{
				name: t.name,
				fromWireType: (e) => {
					var t = {};
					for (var n in a) t[n] = a[n].read(e);
					return r(e), t;
				},
				toWireType: (e, t) => {
					for (var i in a) if (!(i in t) && !a[i].optional) throw TypeError(`Missing field: "${i}"`);
					var o = n();
					for (i in a) a[i].write(o, t[i]);
					return e !== null && e.push(r, o), o;
				},
				readValueFromPointer: N,
				destructorFunction: r
			}];
		});
	}, Ge = (e, t, n, r, i) => {}, z = (e) => {
		for (var t = "";;) {
			var n = D[e++];
			if (!n) return t;
			t += String.fromCharCode(n);
		}
	}, B = class extends Error {
		constructor(e) {
			super(e), this.name = "BindingError";
		}
	}, V = (e) => {
		throw new B(e);
	};
	function Ke(e, t) {
		let n = arguments.length > 2 && arguments[2] !== void 0 ? arguments[2] : {};
		var r = t.name;
		if (e || V(`type "${r}" must have a positive integer typeid pointer`), F.hasOwnProperty(e)) {
			if (n.ignoreDuplicateRegistrations) return;
			V(`Cannot register type '${r}' twice`);
		}
		if (F[e] = t, delete I[e], P.hasOwnProperty(e)) {
			var i = P[e];
			delete P[e], i.forEach((e) => e());
		}
	}
	function H(e, t) {
		return Ke(e, t, arguments.length > 2 && arguments[2] !== void 0 ? arguments[2] : {});
	}
	var qe = (e, t, n, r) => {
		t = z(t), H(e, {
			name: t,
			fromWireType: function(e) {
				return !!e;
			},
			toWireType: function(e, t) {
				return t ? n : r;
			},
			readValueFromPointer: function(e) {
				return this.fromWireType(D[e]);
			},
			destructorFunction: null
		});
	}, Je = (e) => ({
		count: e.count,
		deleteScheduled: e.deleteScheduled,
		preservePointerOnDelete: e.preservePointerOnDelete,
		ptr: e.ptr,
		ptrType: e.ptrType,
		smartPtr: e.smartPtr,
		smartPtrType: e.smartPtrType
	}), Ye = (e) => {
		function t(e) {
			return e.$$.ptrType.registeredClass.name;
		}
		V(t(e) + " instance already deleted");
	}, Xe = !1, Ze = (e) => {}, Qe = (e) => {
		e.smartPtr ? e.smartPtrType.rawDestructor(e.smartPtr) : e.ptrType.registeredClass.rawDestructor(e.ptr);
	}, $e = (e) => {
		--e.count.value, e.count.value === 0 && Qe(e);
	}, U = (e) => globalThis.FinalizationRegistry ? (Xe = new FinalizationRegistry((e) => {
		$e(e.$$);
	}), U = (e) => {
		var t = e.$$;
		if (t.smartPtr) {
			var n = { $$: t };
			Xe.register(e, n, e);
		}
		return e;
	}, Ze = (e) => Xe.unregister(e), U(e)) : (U = (e) => e, e), W = [], et = () => {
		for (; W.length;) {
			var e = W.pop();
			e.$$.deleteScheduled = !1, e.delete();
		}
	}, tt, nt = () => {
		let e = rt.prototype;
		Object.assign(e, {
			isAliasOf(e) {
				if (!(this instanceof rt) || !(e instanceof rt)) return !1;
				var t = this.$$.ptrType.registeredClass, n = this.$$.ptr;
				e.$$ = e.$$;
				for (var r = e.$$.ptrType.registeredClass, i = e.$$.ptr; t.baseClass;) n = t.upcast(n), t = t.baseClass;
				for (; r.baseClass;) i = r.upcast(i), r = r.baseClass;
				return t === r && n === i;
			},
			clone() {
				if (this.$$.ptr || Ye(this), this.$$.preservePointerOnDelete) return this.$$.count.value += 1, this;
				var e = U(Object.create(Object.getPrototypeOf(this), { $$: { value: Je(this.$$) } }));
				return e.$$.count.value += 1, e.$$.deleteScheduled = !1, e;
			},
			delete() {
				this.$$.ptr || Ye(this), this.$$.deleteScheduled && !this.$$.preservePointerOnDelete && V("Object already scheduled for deletion"), Ze(this), $e(this.$$), this.$$.preservePointerOnDelete || (this.$$.smartPtr = void 0, this.$$.ptr = void 0);
			},
			isDeleted() {
				return !this.$$.ptr;
			},
			deleteLater() {
				return this.$$.ptr || Ye(this), this.$$.deleteScheduled && !this.$$.preservePointerOnDelete && V("Object already scheduled for deletion"), W.push(this), W.length === 1 && tt && tt(et), this.$$.deleteScheduled = !0, this;
			}
		});
		let t = Symbol.dispose;
		t && (e[t] = e.delete);
	};
	function rt() {}
	var it = (e, t) => Object.defineProperty(t, "name", { value: e }), at = {}, ot = (e, t, n) => {
		if (e[t].overloadTable === void 0) {
			var r = e[t];
			e[t] = function() {
				var r = [...arguments];
				return e[t].overloadTable.hasOwnProperty(r.length) || V(`Function '${n}' called with an invalid number of arguments (${r.length}) - expects one of (${e[t].overloadTable})!`), e[t].overloadTable[r.length].apply(this, r);
			}, e[t].overloadTable = [], e[t].overloadTable[r.argCount] = r;
		}
	}, st = (e, t, n) => {
		i.hasOwnProperty(e) ? ((n === void 0 || i[e].overloadTable !== void 0 && i[e].overloadTable[n] !== void 0) && V(`Cannot register public name '${e}' twice`), ot(i, e, e), i[e].overloadTable.hasOwnProperty(n) && V(`Cannot register multiple overloads of a function with the same number of arguments (${n})!`), i[e].overloadTable[n] = t) : (i[e] = t, i[e].argCount = n);
	}, ct = 48, lt = 57, ut = (e) => {
		e = e.replace(/[^a-zA-Z0-9_]/g, "$");
		var t = e.charCodeAt(0);
		return t >= ct && t <= lt ? `_${e}` : e;
	};
	function dt(e, t, n, r, i, a, o, s) {
		this.name = e, this.constructor = t, this.instancePrototype = n, this.rawDestructor = r, this.baseClass = i, this.getActualType = a, this.upcast = o, this.downcast = s, this.pureVirtualFunctions = [];
	}
	var ft = (e, t, n) => {
		for (; t !== n;) t.upcast || V(`Expected null or instance of ${n.name}, got an instance of ${t.name}`), e = t.upcast(e), t = t.baseClass;
		return e;
	}, pt = (e) => {
		if (e === null) return "null";
		var t = typeof e;
		return t === "object" || t === "array" || t === "function" ? e.toString() : "" + e;
	};
	function mt(e, t) {
		if (t === null) return this.isReference && V(`null is not a valid ${this.name}`), 0;
		t.$$ || V(`Cannot pass "${pt(t)}" as a ${this.name}`), t.$$.ptr || V(`Cannot pass deleted object as a pointer of type ${this.name}`);
		var n = t.$$.ptrType.registeredClass;
		return ft(t.$$.ptr, n, this.registeredClass);
	}
	function ht(e, t) {
		var n;
		if (t === null) return this.isReference && V(`null is not a valid ${this.name}`), this.isSmartPointer ? (n = this.rawConstructor(), e !== null && e.push(this.rawDestructor, n), n) : 0;
		(!t || !t.$$) && V(`Cannot pass "${pt(t)}" as a ${this.name}`), t.$$.ptr || V(`Cannot pass deleted object as a pointer of type ${this.name}`), !this.isConst && t.$$.ptrType.isConst && V(`Cannot convert argument of type ${t.$$.smartPtrType ? t.$$.smartPtrType.name : t.$$.ptrType.name} to parameter type ${this.name}`);
		var r = t.$$.ptrType.registeredClass;
		if (n = ft(t.$$.ptr, r, this.registeredClass), this.isSmartPointer) switch (t.$$.smartPtr === void 0 && V("Passing raw pointer to smart pointer is illegal"), this.sharingPolicy) {
			case 0:
				t.$$.smartPtrType === this ? n = t.$$.smartPtr : V(`Cannot convert argument of type ${t.$$.smartPtrType ? t.$$.smartPtrType.name : t.$$.ptrType.name} to parameter type ${this.name}`);
				break;
			case 1:
				n = t.$$.smartPtr;
				break;
			case 2:
				if (t.$$.smartPtrType === this) n = t.$$.smartPtr;
				else {
					var i = t.clone();
					n = this.rawShare(n, Y.toHandle(() => i.delete())), e !== null && e.push(this.rawDestructor, n);
				}
				break;
			default: V("Unsupported sharing policy");
		}
		return n;
	}
	function gt(e, t) {
		if (t === null) return this.isReference && V(`null is not a valid ${this.name}`), 0;
		t.$$ || V(`Cannot pass "${pt(t)}" as a ${this.name}`), t.$$.ptr || V(`Cannot pass deleted object as a pointer of type ${this.name}`), t.$$.ptrType.isConst && V(`Cannot convert argument of type ${t.$$.ptrType.name} to parameter type ${this.name}`);
		var n = t.$$.ptrType.registeredClass;
		return ft(t.$$.ptr, n, this.registeredClass);
	}
	var _t = (e, t, n) => {
		if (t === n) return e;
		if (n.baseClass === void 0) return null;
		var r = _t(e, t, n.baseClass);
		return r === null ? null : n.downcast(r);
	}, vt = {}, yt = (e, t) => {
		for (t === void 0 && V("ptr should not be undefined"); e.baseClass;) t = e.upcast(t), e = e.baseClass;
		return t;
	}, bt = (e, t) => (t = yt(e, t), vt[t]), xt = (e, t) => ((!t.ptrType || !t.ptr) && L("makeClassHandle requires ptr and ptrType"), !!t.smartPtrType != !!t.smartPtr && L("Both smartPtrType and smartPtr must be specified"), t.count = { value: 1 }, U(Object.create(e, { $$: {
		value: t,
		writable: !0
	} })));
	function St(e) {
		var t = this.getPointee(e);
		if (!t) return this.destructor(e), null;
		var n = bt(this.registeredClass, t);
		if (n !== void 0) {
			if (n.$$.count.value === 0) return n.$$.ptr = t, n.$$.smartPtr = e, n.clone();
			var r = n.clone();
			return this.destructor(e), r;
		}
		function i() {
			return this.isSmartPointer ? xt(this.registeredClass.instancePrototype, {
				ptrType: this.pointeeType,
				ptr: t,
				smartPtrType: this,
				smartPtr: e
			}) : xt(this.registeredClass.instancePrototype, {
				ptrType: this,
				ptr: e
			});
		}
		var a = at[this.registeredClass.getActualType(t)];
		if (!a) return i.call(this);
		var o = this.isConst ? a.constPointerType : a.pointerType, s = _t(t, this.registeredClass, o.registeredClass);
		return s === null ? i.call(this) : this.isSmartPointer ? xt(o.registeredClass.instancePrototype, {
			ptrType: o,
			ptr: s,
			smartPtrType: this,
			smartPtr: e
		}) : xt(o.registeredClass.instancePrototype, {
			ptrType: o,
			ptr: s
		});
	}
	var Ct = () => {
		Object.assign(wt.prototype, {
			getPointee(e) {
				return this.rawGetPointee && (e = this.rawGetPointee(e)), e;
			},
			destructor(e) {
				var t;
				(t = this.rawDestructor) == null || t.call(this, e);
			},
			readValueFromPointer: N,
			fromWireType: St
		});
	};
	function wt(e, t, n, r, i, a, o, s, c, l, u) {
		this.name = e, this.registeredClass = t, this.isReference = n, this.isConst = r, this.isSmartPointer = i, this.pointeeType = a, this.sharingPolicy = o, this.rawGetPointee = s, this.rawConstructor = c, this.rawShare = l, this.rawDestructor = u, !i && t.baseClass === void 0 ? r ? (this.toWireType = mt, this.destructorFunction = null) : (this.toWireType = gt, this.destructorFunction = null) : this.toWireType = ht;
	}
	var Tt = (e, t, n) => {
		i.hasOwnProperty(e) || L("Replacing nonexistent public symbol"), i[e].overloadTable !== void 0 && n !== void 0 ? i[e].overloadTable[n] = t : (i[e] = t, i[e].argCount = n);
	}, G = {}, Et = (e, t, n) => {
		e = e.replace(/p/g, "i");
		var r = G[e];
		return r(t, ...n);
	}, Dt = [], K = (e) => {
		var t = Dt[e];
		return t || (Dt[e] = t = rr.get(e)), t;
	}, Ot = function(e, t) {
		let n = arguments.length > 2 && arguments[2] !== void 0 ? arguments[2] : [];
		if (arguments.length > 3 && arguments[3] !== void 0 && arguments[3], e.includes("j")) return Et(e, t, n);
		var r = K(t)(...n);
		function i(e) {
			return e;
		}
		return i(r);
	}, kt = function(e, t) {
		let n = arguments.length > 2 && arguments[2] !== void 0 && arguments[2];
		return function() {
			return Ot(e, t, [...arguments], n);
		};
	}, q = function(e, t) {
		arguments.length > 2 && arguments[2] !== void 0 && arguments[2], e = z(e);
		function n() {
			return e.includes("j") ? kt(e, t) : K(t);
		}
		var r = n();
		return typeof r != "function" && V(`unknown function pointer with signature ${e}: ${t}`), r;
	};
	class At extends Error {}
	var jt = (e) => {
		var t = Wn(e), n = z(t);
		return Q(t), n;
	}, Mt = (e, t) => {
		var n = [], r = {};
		function i(e) {
			if (!r[e] && !F[e]) {
				if (I[e]) {
					I[e].forEach(i);
					return;
				}
				n.push(e), r[e] = !0;
			}
		}
		throw t.forEach(i), new At(`${e}: ` + n.map(jt).join([", "]));
	}, Nt = (e, t, n, r, i, a, o, s, c, l, u, d, f) => {
		u = z(u), a = q(i, a), s && (s = q(o, s)), l && (l = q(c, l)), f = q(d, f);
		var p = ut(u);
		st(p, function() {
			Mt(`Cannot construct ${u} due to unbound types`, [r]);
		}), R([
			e,
			t,
			n
		], r ? [r] : [], (t) => {
			t = t[0];
			var n, i;
			r ? (n = t.registeredClass, i = n.instancePrototype) : i = rt.prototype;
			var o = it(u, function() {
				if (Object.getPrototypeOf(this) !== c) throw new B(`Use 'new' to construct ${u}`);
				if (d.constructor_body === void 0) throw new B(`${u} has no accessible constructor`);
				var e = [...arguments], t = d.constructor_body[e.length];
				if (t === void 0) throw new B(`Tried to invoke ctor of ${u} with invalid number of parameters (${e.length}) - expected (${Object.keys(d.constructor_body).toString()}) parameters instead!`);
				return t.apply(this, e);
			}), c = Object.create(i, { constructor: { value: o } });
			o.prototype = c;
			var d = new dt(u, o, c, f, n, a, s, l);
			if (d.baseClass) {
				var m;
				(m = d.baseClass).__derivedClasses != null || (m.__derivedClasses = []), d.baseClass.__derivedClasses.push(d);
			}
			var h = new wt(u, d, !0, !1, !1), g = new wt(u + "*", d, !1, !1, !1), _ = new wt(u + " const*", d, !1, !0, !1);
			return at[e] = {
				pointerType: g,
				constPointerType: _
			}, Tt(p, o), [
				h,
				g,
				_
			];
		});
	}, Pt = (e, t) => {
		for (var n = [], r = 0; r < e; r++) n.push(E[t + r * 4 >> 2]);
		return n;
	};
	function Ft(e) {
		for (var t = 1; t < e.length; ++t) if (e[t] !== null && e[t].destructorFunction === void 0) return !0;
		return !1;
	}
	function It(e, t, n, r, i, a) {
		var o = t.length;
		o < 2 && V("argTypes array size mismatch! Must at least get return value and 'this' types!");
		var s = t[1] !== null && n !== null, c = Ft(t), l = !t[0].isVoid, u = o - 2, d = Array(u), f = [], p = [];
		return it(e, function() {
			p.length = 0;
			var e;
			f.length = s ? 2 : 1, f[0] = i, s && (e = t[1].toWireType(p, this), f[1] = e);
			for (var n = 0; n < u; ++n) d[n] = t[n + 2].toWireType(p, n < 0 || arguments.length <= n ? void 0 : arguments[n]), f.push(d[n]);
			var a = r(...f);
			function o(n) {
				if (c) He(p);
				else for (var r = s ? 1 : 2; r < t.length; r++) {
					var i = r === 1 ? e : d[r - 2];
					t[r].destructorFunction !== null && t[r].destructorFunction(i);
				}
				if (l) return t[0].fromWireType(n);
			}
			return o(a);
		});
	}
	var Lt = (e, t, n, r, i, a) => {
		var o = Pt(t, n);
		i = q(r, i), R([], [e], (e) => {
			e = e[0];
			var n = `constructor ${e.name}`;
			if (e.registeredClass.constructor_body === void 0 && (e.registeredClass.constructor_body = []), e.registeredClass.constructor_body[t - 1] !== void 0) throw new B(`Cannot register multiple constructors with identical number of parameters (${t - 1}) for class '${e.name}'! Overload resolution is currently only performed using the parameter count, not actual type info!`);
			return e.registeredClass.constructor_body[t - 1] = () => {
				Mt(`Cannot construct ${e.name} due to unbound types`, o);
			}, R([], o, (r) => (r.splice(1, 0, null), e.registeredClass.constructor_body[t - 1] = It(n, r, null, i, a), [])), [];
		});
	}, Rt = (e) => {
		e = e.trim();
		let t = e.indexOf("(");
		return t === -1 ? e : e.slice(0, t);
	}, zt = (e, t, n, r, i, a, o, s, c, l) => {
		var u = Pt(n, r);
		t = z(t), t = Rt(t), a = q(i, a, c), R([], [e], (e) => {
			e = e[0];
			var r = `${e.name}.${t}`;
			t.startsWith("@@") && (t = Symbol[t.substring(2)]), s && e.registeredClass.pureVirtualFunctions.push(t);
			function i() {
				Mt(`Cannot call ${r} due to unbound types`, u);
			}
			var l = e.registeredClass.instancePrototype, d = l[t];
			return d === void 0 || d.overloadTable === void 0 && d.className !== e.name && d.argCount === n - 2 ? (i.argCount = n - 2, i.className = e.name, l[t] = i) : (ot(l, t, r), l[t].overloadTable[n - 2] = i), R([], u, (i) => {
				var s = It(r, i, e, a, o, c);
				return l[t].overloadTable === void 0 ? (s.argCount = n - 2, l[t] = s) : l[t].overloadTable[n - 2] = s, [];
			}), [];
		});
	}, Bt = [], J = [
		0,
		1,
		,
		1,
		null,
		1,
		!0,
		1,
		!1,
		1
	], Vt = (e) => {
		e > 9 && --J[e + 1] === 0 && (J[e] = void 0, Bt.push(e));
	}, Y = {
		toValue: (e) => (e || V(`Cannot use deleted val. handle = ${e}`), J[e]),
		toHandle: (e) => {
			switch (e) {
				case void 0: return 2;
				case null: return 4;
				case !0: return 6;
				case !1: return 8;
				default: {
					let t = Bt.pop() || J.length;
					return J[t] = e, J[t + 1] = 1, t;
				}
			}
		}
	}, Ht = {
		name: "emscripten::val",
		fromWireType: (e) => {
			var t = Y.toValue(e);
			return Vt(e), t;
		},
		toWireType: (e, t) => Y.toHandle(t),
		readValueFromPointer: N,
		destructorFunction: null
	}, Ut = (e) => H(e, Ht), Wt = (e, t) => {
		switch (t) {
			case 4: return function(e) {
				return this.fromWireType(C[e >> 2]);
			};
			case 8: return function(e) {
				return this.fromWireType(w[e >> 3]);
			};
			default: throw TypeError(`invalid float width (${t}): ${e}`);
		}
	}, Gt = (e, t, n) => {
		t = z(t), H(e, {
			name: t,
			fromWireType: (e) => e,
			toWireType: (e, t) => t,
			readValueFromPointer: Wt(t, n),
			destructorFunction: null
		});
	}, Kt = (e, t, n, r, i, a, o, s) => {
		var c = Pt(t, n);
		e = z(e), e = Rt(e), i = q(r, i, o), st(e, function() {
			Mt(`Cannot call ${e} due to unbound types`, c);
		}, t - 1), R([], c, (n) => {
			var r = [n[0], null].concat(n.slice(1));
			return Tt(e, It(e, r, null, i, a, o), t - 1), [];
		});
	}, qt = (e, t, n) => {
		switch (t) {
			case 1: return n ? (e) => S[e] : (e) => D[e];
			case 2: return n ? (e) => b[e >> 1] : (e) => T[e >> 1];
			case 4: return n ? (e) => x[e >> 2] : (e) => E[e >> 2];
			default: throw TypeError(`invalid integer width (${t}): ${e}`);
		}
	}, Jt = (e, t, n, r, i) => {
		t = z(t);
		let a = r === 0, o = (e) => e;
		if (a) {
			var s = 32 - 8 * n;
			o = (e) => e << s >>> s, i = o(i);
		}
		H(e, {
			name: t,
			fromWireType: o,
			toWireType: (e, t) => t,
			readValueFromPointer: qt(t, n, r !== 0),
			destructorFunction: null
		});
	}, Yt = (e, t, n) => {
		let r = (e, t) => {
			let n = 0;
			return {
				next() {
					if (n >= e) return { done: !0 };
					let r = n;
					return n++, {
						value: t(r),
						done: !1
					};
				},
				[Symbol.iterator]() {
					return this;
				}
			};
		};
		e[Symbol.iterator] || (e[Symbol.iterator] = function() {
			let e = this[t]();
			return r(e, (e) => this[n](e));
		});
	}, Xt = (e, t, n, r) => {
		n = z(n), r = z(r), R([], [e, t], (e) => {
			let t = e[0];
			return Yt(t.registeredClass.instancePrototype, n, r), [];
		});
	}, Zt = (e, t, n) => {
		var r = [
			Int8Array,
			Uint8Array,
			Int16Array,
			Uint16Array,
			Int32Array,
			Uint32Array,
			Float32Array,
			Float64Array
		][t];
		function i(e) {
			var t = E[e >> 2], n = E[e + 4 >> 2];
			return new r(S.buffer, n, t);
		}
		n = z(n), H(e, {
			name: n,
			fromWireType: i,
			readValueFromPointer: i
		}, { ignoreDuplicateRegistrations: !0 });
	}, Qt = Object.assign({ optional: !0 }, Ht), $t = (e, t) => {
		H(e, Qt);
	}, en = (e, t, n, r) => {
		if (!(r > 0)) return 0;
		for (var i = n, a = n + r - 1, o = 0; o < e.length; ++o) {
			var s = e.codePointAt(o);
			if (s <= 127) {
				if (n >= a) break;
				t[n++] = s;
			} else if (s <= 2047) {
				if (n + 1 >= a) break;
				t[n++] = 192 | s >> 6, t[n++] = 128 | s & 63;
			} else if (s <= 65535) {
				if (n + 2 >= a) break;
				t[n++] = 224 | s >> 12, t[n++] = 128 | s >> 6 & 63, t[n++] = 128 | s & 63;
			} else {
				if (n + 3 >= a) break;
				t[n++] = 240 | s >> 18, t[n++] = 128 | s >> 12 & 63, t[n++] = 128 | s >> 6 & 63, t[n++] = 128 | s & 63, o++;
			}
		}
		return t[n] = 0, n - i;
	}, X = (e, t, n) => en(e, D, t, n), tn = (e) => {
		for (var t = 0, n = 0; n < e.length; ++n) {
			var r = e.charCodeAt(n);
			r <= 127 ? t++ : r <= 2047 ? t += 2 : r >= 55296 && r <= 57343 ? (t += 4, ++n) : t += 3;
		}
		return t;
	}, nn = (e, t) => {
		t = z(t);
		var n = !0;
		H(e, {
			name: t,
			fromWireType(e) {
				var t = E[e >> 2], r = e + 4, i;
				if (n) i = Fe(r, t, !0);
				else {
					i = "";
					for (var a = 0; a < t; ++a) i += String.fromCharCode(D[r + a]);
				}
				return Q(e), i;
			},
			toWireType(e, t) {
				t instanceof ArrayBuffer && (t = new Uint8Array(t));
				var r, i = typeof t == "string";
				i || ArrayBuffer.isView(t) && t.BYTES_PER_ELEMENT == 1 || V("Cannot pass non-string to std::string"), r = n && i ? tn(t) : t.length;
				var a = Gn(4 + r + 1), o = a + 4;
				if (E[a >> 2] = r, i) {
					if (n) X(t, o, r + 1);
					else for (var s = 0; s < r; ++s) {
						var c = t.charCodeAt(s);
						c > 255 && (Q(a), V("String has UTF-16 code units that do not fit in 8 bits")), D[o + s] = c;
					}
				} else D.set(t, o);
				return e !== null && e.push(Q, a), a;
			},
			readValueFromPointer: N,
			destructorFunction(e) {
				Q(e);
			}
		});
	}, rn = globalThis.TextDecoder ? new TextDecoder("utf-16le") : void 0, an = (e, t, n) => {
		var r = e >> 1, i = Ne(T, r, t / 2, n);
		if (i - r > 16 && rn) return rn.decode(T.subarray(r, i));
		for (var a = "", o = r; o < i; ++o) {
			var s = T[o];
			a += String.fromCharCode(s);
		}
		return a;
	}, on = (e, t, n) => {
		if (n != null || (n = 2147483647), n < 2) return 0;
		n -= 2;
		for (var r = t, i = n < e.length * 2 ? n / 2 : e.length, a = 0; a < i; ++a) {
			var o = e.charCodeAt(a);
			b[t >> 1] = o, t += 2;
		}
		return b[t >> 1] = 0, t - r;
	}, sn = (e) => e.length * 2, cn = (e, t, n) => {
		for (var r = "", i = e >> 2, a = 0; !(a >= t / 4); a++) {
			var o = E[i + a];
			if (!o && !n) break;
			r += String.fromCodePoint(o);
		}
		return r;
	}, ln = (e, t, n) => {
		if (n != null || (n = 2147483647), n < 4) return 0;
		for (var r = t, i = r + n - 4, a = 0; a < e.length; ++a) {
			var o = e.codePointAt(a);
			if (o > 65535 && a++, x[t >> 2] = o, t += 4, t + 4 > i) break;
		}
		return x[t >> 2] = 0, t - r;
	}, un = (e) => {
		for (var t = 0, n = 0; n < e.length; ++n) e.codePointAt(n) > 65535 && n++, t += 4;
		return t;
	}, dn = (e, t, n) => {
		n = z(n);
		var r, i, a;
		t === 2 ? (r = an, i = on, a = sn) : (r = cn, i = ln, a = un), H(e, {
			name: n,
			fromWireType: (e) => {
				var n = E[e >> 2], i = r(e + 4, n * t, !0);
				return Q(e), i;
			},
			toWireType: (e, r) => {
				typeof r != "string" && V(`Cannot pass non-string to C++ string type ${n}`);
				var o = a(r), s = Gn(4 + o + t);
				return E[s >> 2] = o / t, i(r, s + 4, o + t), e !== null && e.push(Q, s), s;
			},
			readValueFromPointer: N,
			destructorFunction(e) {
				Q(e);
			}
		});
	}, fn = (e, t, n, r, i, a) => {
		M[e] = {
			name: z(t),
			rawConstructor: q(n, r),
			rawDestructor: q(i, a),
			fields: []
		};
	}, pn = (e, t, n, r, i, a, o, s, c, l) => {
		M[e].fields.push({
			fieldName: z(t),
			getterReturnType: n,
			getter: q(r, i),
			getterContext: a,
			setterArgumentType: o,
			setter: q(s, c),
			setterContext: l
		});
	}, mn = (e, t) => {
		t = z(t), H(e, {
			isVoid: !0,
			name: t,
			fromWireType: () => void 0,
			toWireType: (e, t) => void 0
		});
	}, hn = [], gn = (e) => {
		var t = hn.length;
		return hn.push(e), t;
	}, _n = (e, t) => {
		var n = F[e];
		return n === void 0 && V(`${t} has unknown type ${jt(e)}`), n;
	}, vn = (e, t) => {
		for (var n = Array(e), r = 0; r < e; ++r) n[r] = _n(E[t + r * 4 >> 2], `parameter ${r}`);
		return n;
	}, yn = (e, t, n) => {
		var r = [], i = e(r, n);
		return r.length && (E[t >> 2] = Y.toHandle(r)), i;
	}, bn = {}, xn = (e) => {
		var t = bn[e];
		return t === void 0 ? z(e) : t;
	}, Sn = (e, t, n) => {
		var [r, ...i] = vn(e, t), a = r.toWireType.bind(r), o = i.map((e) => e.readValueFromPointer.bind(e));
		e--;
		var s = Array(e);
		return gn(it(`methodCaller<(${i.map((e) => e.name)}) => ${r.name}>`, (t, r, i, c) => {
			for (var l = 0, u = 0; u < e; ++u) s[u] = o[u](c + l), l += 8;
			var d;
			switch (n) {
				case 0:
					d = Y.toValue(t).apply(null, s);
					break;
				case 2:
					d = Reflect.construct(Y.toValue(t), s);
					break;
				case 3:
					d = s[0];
					break;
				case 1: d = Y.toValue(t)[xn(r)](...s);
			}
			return yn(a, i, d);
		}));
	}, Cn = (e) => e ? (e = xn(e), Y.toHandle(globalThis[e])) : Y.toHandle(globalThis), wn = (e) => {
		e > 9 && (J[e + 1] += 1);
	}, Tn = (e, t, n, r, i) => hn[e](t, n, r, i), En = (e) => {
		He(Y.toValue(e)), Vt(e);
	}, Dn = (e, t, n, r) => {
		var i = (/* @__PURE__ */ new Date()).getFullYear(), a = new Date(i, 0, 1), o = new Date(i, 6, 1), s = a.getTimezoneOffset(), c = o.getTimezoneOffset(), l = Math.max(s, c);
		E[e >> 2] = l * 60, x[t >> 2] = Number(s != c);
		var u = (e) => {
			var t = e >= 0 ? "-" : "+", n = Math.abs(e);
			return `UTC${t}${String(Math.floor(n / 60)).padStart(2, "0")}${String(n % 60).padStart(2, "0")}`;
		}, d = u(s), f = u(c);
		c < s ? (X(d, n, 17), X(f, r, 17)) : (X(d, r, 17), X(f, n, 17));
	}, On = () => 2147483648, kn = (e, t) => Math.ceil(e / t) * t, An = (e) => {
		var t = (e - nr.buffer.byteLength + 65535) / 65536 | 0;
		try {
			return nr.grow(t), ne(), 1;
		} catch {}
	}, jn = (e) => {
		var t = D.length;
		e >>>= 0;
		var n = On();
		if (e > n) return !1;
		for (var r = 1; r <= 4; r *= 2) {
			var i = t * (1 + .2 / r);
			if (i = Math.min(i, e + 100663296), An(Math.min(n, kn(Math.max(e, i), 65536)))) return !0;
		}
		return !1;
	}, Mn = {}, Nn = () => c || "./this.program", Z = () => {
		if (!Z.strings) {
			var e, t, n = {
				USER: "web_user",
				LOGNAME: "web_user",
				PATH: "/",
				PWD: "/",
				HOME: "/home/web_user",
				LANG: ((e = (t = globalThis.navigator) == null ? void 0 : t.language) == null ? "C" : e).replace("-", "_") + ".UTF-8",
				_: Nn()
			};
			for (var r in Mn) Mn[r] === void 0 ? delete n[r] : n[r] = Mn[r];
			var i = [];
			for (var r in n) i.push(`${r}=${n[r]}`);
			Z.strings = i;
		}
		return Z.strings;
	}, Pn = (e, t) => {
		var n = 0, r = 0;
		for (var i of Z()) {
			var a = t + n;
			E[e + r >> 2] = a, n += X(i, a, Infinity) + 1, r += 4;
		}
		return 0;
	}, Fn = (e, t) => {
		var n = Z();
		E[e >> 2] = n.length;
		var r = 0;
		for (var i of n) r += tn(i) + 1;
		return E[t >> 2] = r, 0;
	}, In = (e) => 52, Ln = (e, t, n, r) => 52, Rn = (e, t) => t + 2097152 >>> 0 < 4194305 - !!e ? (e >>> 0) + t * 4294967296 : NaN;
	function zn(e, t, n, r, i) {
		return Rn(t, n), 70;
	}
	var Bn = [
		null,
		[],
		[]
	], Vn = (e, t) => {
		var n = Bn[e];
		t === 0 || t === 10 ? ((e === 1 ? m : h)(Pe(n)), n.length = 0) : n.push(t);
	}, Hn = (e, t, n, r) => {
		for (var i = 0, a = 0; a < n; a++) {
			var o = E[t >> 2], s = E[t + 4 >> 2];
			t += 8;
			for (var c = 0; c < s; c++) Vn(e, D[o + c]);
			i += s;
		}
		return E[r >> 2] = i, 0;
	}, Un = (e) => e;
	if (nt(), Ct(), i.noExitRuntime && i.noExitRuntime, i.print && (m = i.print), i.printErr && (h = i.printErr), i.wasmBinary && (g = i.wasmBinary), i.arguments && i.arguments, i.thisProgram && (c = i.thisProgram), i.preInit) for (typeof i.preInit == "function" && (i.preInit = [i.preInit]); i.preInit.length > 0;) i.preInit.shift()();
	var Wn, Q, Gn, Kn, $, qn, Jn, Yn, Xn, Zn, Qn, $n, er, tr, nr, rr;
	function ir(e) {
		Wn = e.Ka, Q = i._free = e.La, Gn = i._malloc = e.Na, Kn = e.Oa, $ = e.Pa, qn = e.Qa, Jn = e.Ra, Yn = e.Sa, Xn = e.Ta, Zn = e.Ua, Qn = e.Va, $n = G.viijjijjjjjj = e.Wa, er = G.iiijj = e.Xa, G.jiji = e.Ya, G.viijii = e.Za, tr = G.jiiii = e._a, G.iiiiij = e.$a, G.iiiiijj = e.ab, G.iiiiiijj = e.bb, nr = e.Ia, rr = e.Ma;
	}
	var ar = {
		r: be,
		z: xe,
		a: Te,
		i: Ee,
		m: De,
		U: Oe,
		p: ke,
		ka: Ae,
		d: je,
		_: Ie,
		pa: Le,
		na: Re,
		qa: ze,
		ma: Be,
		ga: Ve,
		Fa: We,
		fa: Ge,
		za: qe,
		Da: Nt,
		Ca: Lt,
		J: zt,
		xa: Ut,
		aa: Gt,
		Q: Kt,
		A: Jt,
		Ba: Xt,
		u: Zt,
		Ea: $t,
		ya: nn,
		V: dn,
		F: fn,
		Ga: pn,
		Aa: mn,
		P: Sn,
		Ha: Vt,
		I: Cn,
		W: wn,
		O: Tn,
		sa: En,
		ha: Dn,
		la: jn,
		ia: Pn,
		ja: Fn,
		Y: In,
		oa: Ln,
		ca: zn,
		Z: Hn,
		va: Er,
		N: kr,
		C: Fr,
		H: pr,
		X: zr,
		s: Br,
		b: cr,
		D: Or,
		ta: Nr,
		c: ur,
		S: Pr,
		h: fr,
		j: yr,
		q: br,
		T: Dr,
		t: Sr,
		G: Cr,
		E: wr,
		L: Vr,
		da: Wr,
		ba: Gr,
		f: mr,
		l: or,
		ra: Ir,
		e: lr,
		$: Ar,
		R: Rr,
		g: dr,
		M: Lr,
		k: sr,
		ua: jr,
		o: xr,
		x: gr,
		v: Tr,
		B: vr,
		w: Mr,
		n: hr,
		K: Hr,
		wa: _r,
		ea: Ur,
		y: Un
	};
	function or(e, t) {
		var n = A();
		try {
			K(e)(t);
		} catch (e) {
			if (k(n), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function sr(e, t, n, r, i) {
		var a = A();
		try {
			K(e)(t, n, r, i);
		} catch (e) {
			if (k(a), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function cr(e, t) {
		var n = A();
		try {
			return K(e)(t);
		} catch (e) {
			if (k(n), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function lr(e, t, n) {
		var r = A();
		try {
			K(e)(t, n);
		} catch (e) {
			if (k(r), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function ur(e, t, n) {
		var r = A();
		try {
			return K(e)(t, n);
		} catch (e) {
			if (k(r), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function dr(e, t, n, r) {
		var i = A();
		try {
			K(e)(t, n, r);
		} catch (e) {
			if (k(i), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function fr(e, t, n, r) {
		var i = A();
		try {
			return K(e)(t, n, r);
		} catch (e) {
			if (k(i), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function pr(e, t, n, r, i, a) {
		var o = A();
		try {
			return K(e)(t, n, r, i, a);
		} catch (e) {
			if (k(o), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function mr(e) {
		var t = A();
		try {
			K(e)();
		} catch (e) {
			if (k(t), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function hr(e, t, n, r, i, a, o, s, c, l, u) {
		var d = A();
		try {
			K(e)(t, n, r, i, a, o, s, c, l, u);
		} catch (e) {
			if (k(d), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function gr(e, t, n, r, i, a, o) {
		var s = A();
		try {
			K(e)(t, n, r, i, a, o);
		} catch (e) {
			if (k(s), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function _r(e, t, n, r, i, a, o, s, c, l, u, d, f, p, m, h, g) {
		var _ = A();
		try {
			K(e)(t, n, r, i, a, o, s, c, l, u, d, f, p, m, h, g);
		} catch (e) {
			if (k(_), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function vr(e, t, n, r, i, a, o, s, c) {
		var l = A();
		try {
			K(e)(t, n, r, i, a, o, s, c);
		} catch (e) {
			if (k(l), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function yr(e, t, n, r, i) {
		var a = A();
		try {
			return K(e)(t, n, r, i);
		} catch (e) {
			if (k(a), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function br(e, t, n, r, i, a) {
		var o = A();
		try {
			return K(e)(t, n, r, i, a);
		} catch (e) {
			if (k(o), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function xr(e, t, n, r, i, a) {
		var o = A();
		try {
			K(e)(t, n, r, i, a);
		} catch (e) {
			if (k(o), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function Sr(e, t, n, r, i, a, o) {
		var s = A();
		try {
			return K(e)(t, n, r, i, a, o);
		} catch (e) {
			if (k(s), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function Cr(e, t, n, r, i, a, o, s) {
		var c = A();
		try {
			return K(e)(t, n, r, i, a, o, s);
		} catch (e) {
			if (k(c), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function wr(e, t, n, r, i, a, o, s, c) {
		var l = A();
		try {
			return K(e)(t, n, r, i, a, o, s, c);
		} catch (e) {
			if (k(l), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function Tr(e, t, n, r, i, a, o, s) {
		var c = A();
		try {
			K(e)(t, n, r, i, a, o, s);
		} catch (e) {
			if (k(c), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function Er(e, t, n) {
		var r = A();
		try {
			return K(e)(t, n);
		} catch (e) {
			if (k(r), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function Dr(e, t, n, r, i, a, o) {
		var s = A();
		try {
			return K(e)(t, n, r, i, a, o);
		} catch (e) {
			if (k(s), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function Or(e, t, n, r) {
		var i = A();
		try {
			return K(e)(t, n, r);
		} catch (e) {
			if (k(i), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function kr(e, t, n, r) {
		var i = A();
		try {
			return K(e)(t, n, r);
		} catch (e) {
			if (k(i), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function Ar(e, t, n, r, i, a, o, s, c) {
		var l = A();
		try {
			K(e)(t, n, r, i, a, o, s, c);
		} catch (e) {
			if (k(l), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function jr(e, t, n, r, i, a, o, s) {
		var c = A();
		try {
			K(e)(t, n, r, i, a, o, s);
		} catch (e) {
			if (k(c), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function Mr(e, t, n, r, i, a, o, s, c, l) {
		var u = A();
		try {
			K(e)(t, n, r, i, a, o, s, c, l);
		} catch (e) {
			if (k(u), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function Nr(e, t, n) {
		var r = A();
		try {
			return K(e)(t, n);
		} catch (e) {
			if (k(r), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function Pr(e, t, n, r, i) {
		var a = A();
		try {
			return K(e)(t, n, r, i);
		} catch (e) {
			if (k(a), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function Fr(e, t, n, r, i, a) {
		var o = A();
		try {
			return K(e)(t, n, r, i, a);
		} catch (e) {
			if (k(o), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function Ir(e, t, n) {
		var r = A();
		try {
			K(e)(t, n);
		} catch (e) {
			if (k(r), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function Lr(e, t, n, r, i, a, o) {
		var s = A();
		try {
			K(e)(t, n, r, i, a, o);
		} catch (e) {
			if (k(s), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function Rr(e, t, n, r, i) {
		var a = A();
		try {
			K(e)(t, n, r, i);
		} catch (e) {
			if (k(a), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function zr(e, t, n, r) {
		var i = A();
		try {
			return K(e)(t, n, r);
		} catch (e) {
			if (k(i), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function Br(e) {
		var t = A();
		try {
			return K(e)();
		} catch (e) {
			if (k(t), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function Vr(e, t, n, r, i, a, o, s, c, l, u, d) {
		var f = A();
		try {
			return K(e)(t, n, r, i, a, o, s, c, l, u, d);
		} catch (e) {
			if (k(f), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function Hr(e, t, n, r, i, a, o, s, c, l, u, d, f, p, m, h) {
		var g = A();
		try {
			K(e)(t, n, r, i, a, o, s, c, l, u, d, f, p, m, h);
		} catch (e) {
			if (k(g), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function Ur(e, t, n, r, i, a, o, s, c, l, u, d, f, p, m, h, g, _, v, ee) {
		var te = A();
		try {
			$n(e, t, n, r, i, a, o, s, c, l, u, d, f, p, m, h, g, _, v, ee);
		} catch (e) {
			if (k(te), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function Wr(e, t, n, r, i, a, o) {
		var s = A();
		try {
			return er(e, t, n, r, i, a, o);
		} catch (e) {
			if (k(s), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function Gr(e, t, n, r, i) {
		var a = A();
		try {
			return tr(e, t, n, r, i);
		} catch (e) {
			if (k(a), e !== e + 0) throw e;
			$(1, 0);
		}
	}
	function Kr() {
		re();
		function e() {
			var e, t;
			i.calledRun = !0, !_ && (ie(), (e = v) == null || e(i), (t = i.onRuntimeInitialized) == null || t.call(i), ae());
		}
		i.setStatus ? (i.setStatus("Running..."), setTimeout(() => {
			setTimeout(() => i.setStatus(""), 1), e();
		}, 1)) : e();
	}
	var qr = await pe();
	return Kr(), t = te ? i : new Promise((e, t) => {
		v = e, ee = t;
	}), t;
}
//#endregion
//#region src/full/index.ts
function w(e) {
	return m(C, e);
}
function T() {
	return se(C);
}
function E(e) {
	return w({
		overrides: e,
		equalityFn: Object.is,
		fireImmediately: !0
	});
}
function D(e) {
	w({
		overrides: e,
		equalityFn: Object.is,
		fireImmediately: !1
	});
}
async function O(e, t) {
	return ue(C, e, t);
}
async function me(e, t) {
	return O(e, t);
}
async function he(e, t) {
	return O(e, t);
}
async function ge(e, t) {
	return g(C, e, t);
}
var _e = "5721ed87da5d582b7a65a69ea4bed7852699e7c4a1cf5a77d6ef9376152d96a5";
//#endregion
export { S as BARCODE_FORMATS, h as BARCODE_HRI_LABELS, x as BARCODE_META_FORMATS, d as BARCODE_SYMBOLOGIES, p as BINARIZERS, te as CHARACTER_SETS, ce as CONTENT_TYPES, t as CREATABLE_BARCODE_FORMATS, _ as EAN_ADD_ON_SYMBOLS, b as GS1_BARCODE_FORMATS, f as INDUSTRIAL_BARCODE_FORMATS, r as LINEAR_BARCODE_FORMATS, n as MATRIX_BARCODE_FORMATS, l as READABLE_BARCODE_FORMATS, ie as RETAIL_BARCODE_FORMATS, ae as TEXT_MODES, le as ZXING_CPP_COMMIT, _e as ZXING_WASM_SHA256, ne as ZXING_WASM_VERSION, e as barcodeFormats, pe as binarizers, ee as characterSets, oe as contentTypes, y as defaultReaderOptions, de as defaultWriterOptions, v as eanAddOnSymbols, re as encodeFormat, s as encodeFormats, c as formatToLabel, u as formatToSymbology, E as getZXingModule, i as linearBarcodeFormats, a as matrixBarcodeFormats, w as prepareZXingModule, T as purgeZXingModule, O as readBarcodes, he as readBarcodesFromImageData, me as readBarcodesFromImageFile, D as setZXingModuleOverrides, o as symbologyToFormats, fe as textModes, ge as writeBarcode };
