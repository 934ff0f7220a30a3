package rules

import (
	"fmt"
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/rule"
)

// countries lists the mobile country codes that ITU-T allotted to countries and
// territories (list annexed to the Operational Bulletin, ITU-T E.212; as known in
// 2024, plus codes in open use without allotment). One line a country; codes of one
// country stand together.
const countries = `
202 Greece
204 Netherlands
206 Belgium
208 France
212 Monaco
213 Andorra
214 Spain
216 Hungary
218 Bosnia and Herzegovina
219 Croatia
220 Serbia
221 Kosovo
222 Italy
225 Vatican
226 Romania
228 Switzerland
230 Czech Republic
231 Slovakia
232 Austria
234,235 United Kingdom
238 Denmark
240 Sweden
242 Norway
244 Finland
246 Lithuania
247 Latvia
248 Estonia
250 Russia
255 Ukraine
257 Belarus
259 Moldova
260 Poland
262 Germany
266 Gibraltar
268 Portugal
270 Luxembourg
272 Ireland
274 Iceland
276 Albania
278 Malta
280 Cyprus
282 Georgia
283 Armenia
284 Bulgaria
286 Turkey
288 Faroe Islands
289 Abkhazia (in use without allotment)
290 Greenland
292 San Marino
293 Slovenia
294 North Macedonia
295 Liechtenstein
297 Montenegro
302 Canada
308 Saint Pierre and Miquelon
310,311,312,313,314,315,316 United States
330 Puerto Rico
332 United States Virgin Islands
334 Mexico
338 Jamaica
340 French Antilles and Guiana
342 Barbados
344 Antigua and Barbuda
346 Cayman Islands
348 British Virgin Islands
350 Bermuda
352 Grenada
354 Montserrat
356 Saint Kitts and Nevis
358 Saint Lucia
360 Saint Vincent and the Grenadines
362 Curacao and the Caribbean Netherlands
363 Aruba
364 Bahamas
365 Anguilla
366 Dominica
368 Cuba
370 Dominican Republic
372 Haiti
374 Trinidad and Tobago
376 Turks and Caicos Islands
400 Azerbaijan
401 Kazakhstan
402 Bhutan
404,405,406 India
410 Pakistan
412 Afghanistan
413 Sri Lanka
414 Myanmar
415 Lebanon
416 Jordan
417 Syria
418 Iraq
419 Kuwait
420 Saudi Arabia
421 Yemen
422 Oman
424,430,431 United Arab Emirates
425 Israel and Palestine
426 Bahrain
427 Qatar
428 Mongolia
429 Nepal
432 Iran
434 Uzbekistan
436 Tajikistan
437 Kyrgyzstan
438 Turkmenistan
440,441 Japan
450 South Korea
452 Vietnam
454 Hong Kong
455 Macao
456 Cambodia
457 Laos
460,461 China
466 Taiwan
467 North Korea
470 Bangladesh
472 Maldives
502 Malaysia
505 Australia
510 Indonesia
514 Timor-Leste
515 Philippines
520 Thailand
525 Singapore
528 Brunei
530 New Zealand
534 Northern Mariana Islands
535 Guam
536 Nauru
537 Papua New Guinea
539 Tonga
540 Solomon Islands
541 Vanuatu
542 Fiji
543 Wallis and Futuna
544 American Samoa
545 Kiribati
546 New Caledonia
547 French Polynesia
548 Cook Islands
549 Samoa
550 Micronesia
551 Marshall Islands
552 Palau
553 Tuvalu
554 Tokelau
555 Niue
602 Egypt
603 Algeria
604 Morocco
605 Tunisia
606 Libya
607 Gambia
608 Senegal
609 Mauritania
610 Mali
611 Guinea
612 Ivory Coast
613 Burkina Faso
614 Niger
615 Togo
616 Benin
617 Mauritius
618 Liberia
619 Sierra Leone
620 Ghana
621 Nigeria
622 Chad
623 Central African Republic
624 Cameroon
625 Cape Verde
626 Sao Tome and Principe
627 Equatorial Guinea
628 Gabon
629 Congo
630 Democratic Republic of the Congo
631 Angola
632 Guinea-Bissau
633 Seychelles
634 Sudan
635 Rwanda
636 Ethiopia
637 Somalia
638 Djibouti
639 Kenya
640 Tanzania
641 Uganda
642 Burundi
643 Mozambique
645 Zambia
646 Madagascar
647 Reunion and Mayotte
648 Zimbabwe
649 Namibia
650 Malawi
651 Lesotho
652 Botswana
653 Eswatini
654 Comoros
655 South Africa
657 Eritrea
658 Saint Helena, Ascension and Tristan da Cunha
659 South Sudan
702 Belize
704 Guatemala
706 El Salvador
708 Honduras
710 Nicaragua
712 Costa Rica
714 Panama
716 Peru
722 Argentina
724 Brazil
730 Chile
732 Colombia
734 Venezuela
736 Bolivia
738 Guyana
740 Ecuador
744 Paraguay
746 Suriname
748 Uruguay
750 Falkland Islands
`

// countryNames is countries by code.
var countryNames = func() (names [1000]string) {
	for line := range strings.Lines(countries) {
		codes, name, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok {
			continue
		}
		for code := range strings.SplitSeq(codes, ",") {
			n := 0
			for _, d := range code {
				n = n*10 + int(d-'0')
			}
			names[n] = name
		}
	}
	return names
}()

// country returns the country of a mobile country code, "" if it has none.
func country(mcc int) string {
	if mcc < 0 || mcc >= len(countryNames) {
		return ""
	}
	return countryNames[mcc]
}

// sameCountry reports whether two codes are of one country.
func sameCountry(a, b int) bool {
	return a == b || country(a) != "" && country(a) == country(b)
}

// homeCountry returns the country of most of the other cells and its share of those
// that have one; "" if fewer than n of it were heard.
func homeCountry(v rule.View, n int) (home string, share float64) {
	count := map[string]int{}
	all := 0
	for _, c := range distinct(v.Others()) {
		name := country(int(c.ID.PLMN.MCC))
		if name == "" {
			continue
		}
		all++
		count[name]++
		if count[name] > count[home] || count[name] == count[home] && name < home {
			home = name
		}
	}
	if count[home] < n {
		return "", 0
	}
	return home, float64(count[home]) / float64(all)
}

// Parts of the rules about the network code, which are the same in every generation.

const plmnWhy = "Network codes are allotted. Codes for tests and private use, codes of no country and codes that nobody was given do not belong to a public network; " +
	"they are what software for home-made base stations comes with. It makes the cell unusual, not false."

var plmnBenign = []rule.Benign{
	{Explanation: "A laboratory, school, factory, exhibition or private network.", Test: func(v rule.View) rule.BenignStatus {
		if v.Cell.ID.PLMN.Test() {
			return rule.Possible
		}
		return rule.NotTestable
	}},
	{Explanation: "A network aboard a ship or an aircraft, or at sea, which uses the international code 901.", Test: func(v rule.View) rule.BenignStatus {
		if v.Cell.ID.PLMN.MCC == 901 {
			return rule.Possible
		}
		return rule.Excluded
	}},
	{Explanation: "A border, beyond which the other country's networks are heard.", Test: func(v rule.View) rule.BenignStatus {
		if country(int(v.Cell.ID.PLMN.MCC)) == "" {
			return rule.Excluded
		}
		return rule.Possible
	}},
	{Explanation: "A code allotted after the table of this program was made (2024)."},
}

var plmnParams = []rule.Param{
	{Name: "min_cells", Default: 5, Unit: "cells", Min: 2, Max: 1000, Source: "expert: cells that tell in which country the captures were taken"},
	{Name: "home_share", Default: 0.8, Unit: "share of cells", Min: 0.5, Max: 1, Source: "expert: near a border or on Cyprus (280 and 286) several countries are heard and none is odd"},
}

// unexpectedPLMN judges the network code of a cell; the findings lack their frames and
// the field's name.
func unexpectedPLMN(p rule.Values, v rule.View) []rule.Evidence {
	plmn := v.Cell.ID.PLMN
	mcc := int(plmn.MCC)
	ev := rule.Evidence{Got: plmn.String(), Expect: "a network of the country", Scale: 1}
	switch {
	case plmn.Test():
		ev.Summary = "The cell uses a network code (" + plmn.String() + ") that is set aside for tests and private networks."
	case mcc == 901:
		ev.Summary = "The cell uses a network code (" + plmn.String() + ") of no country, which is meant for satellites, ships and aircraft."
	case country(mcc) == "":
		ev.Summary = "The cell uses a country code (" + plmn.String()[:3] + ") that no country has."
	default:
		home, share := homeCountry(v, int(p["min_cells"]))
		if home == "" || home == country(mcc) || share < p["home_share"] {
			return nil
		}
		ev.Scale = 0.25
		ev.Expect = home
		ev.Got += " (" + country(mcc) + ")"
		ev.Summary = fmt.Sprintf("The cell claims a network of another country (%s) than nearly all cells in these captures (%s).", country(mcc), home)
	}
	return []rule.Evidence{ev}
}
