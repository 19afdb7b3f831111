/** The names of a unit for one and for many. */
export interface Unit {
  readonly one: string;
  readonly many: string;
}

const unit = (one: string, many = `${one}s`): Unit => ({ one, many });

/** After a number, with or without a stop, in small letters or all in capitals: `5 km`, `200 lbs.`, `30 MPH`. */
export const UNITS: ReadonlyMap<string, Unit> = new Map([
  ["bbl", unit("barrel")],
  ["cm", unit("centimeter")],
  ["cu ft", unit("cubic foot", "cubic feet")],
  ["cu. ft", unit("cubic foot", "cubic feet")],
  ["cwt", unit("hundredweight", "hundredweight")],
  ["doz", unit("dozen", "dozen")],
  ["fps", unit("frame per second", "frames per second")],
  ["ft", unit("foot", "feet")],
  ["ft²", unit("square foot", "square feet")],
  ["gal", unit("gallon")],
  ["hr", unit("hour")],
  ["hrs", unit("hour")],
  ["kg", unit("kilogram")],
  ["kgs", unit("kilogram")],
  ["km", unit("kilometer")],
  ["km/h", unit("kilometer per hour", "kilometers per hour")],
  ["kmh", unit("kilometer per hour", "kilometers per hour")],
  ["km²", unit("square kilometer")],
  ["kms", unit("kilometer")],
  ["kph", unit("kilometer per hour", "kilometers per hour")],
  ["lb", unit("pound")],
  ["lbs", unit("pound")],
  ["m/s", unit("meter per second", "meters per second")],
  ["m²", unit("square meter")],
  ["m³", unit("cubic meter")],
  ["cm³", unit("cubic centimeter")],
  ["mi", unit("mile")],
  ["min", unit("minute")],
  ["mins", unit("minute")],
  ["ml", unit("milliliter")],
  ["mm", unit("millimeter")],
  ["mo", unit("month")],
  ["mos", unit("month")],
  ["mpg", unit("mile per gallon", "miles per gallon")],
  ["m.p.h", unit("mile per hour", "miles per hour")],
  ["mph", unit("mile per hour", "miles per hour")],
  ["oz", unit("ounce")],
  ["ozs", unit("ounce")],
  ["pt", unit("pint")],
  ["qt", unit("quart")],
  ["qts", unit("quart")],
  ["r.p.m", unit("revolution per minute", "revolutions per minute")],
  ["rpm", unit("revolution per minute", "revolutions per minute")],
  ["sec", unit("second")],
  ["secs", unit("second")],
  ["sq ft", unit("square foot", "square feet")],
  ["sq km", unit("square kilometer")],
  ["sq mi", unit("square mile")],
  ["sq yd", unit("square yard")],
  ["sq. ft", unit("square foot", "square feet")],
  ["sq. mi", unit("square mile")],
  ["sq. yd", unit("square yard")],
  ["tbsp", unit("tablespoon")],
  ["tsp", unit("teaspoon")],
  ["yd", unit("yard")],
  ["yds", unit("yard")],
  ["yr", unit("year")],
  ["yrs", unit("year")],
]);

/** Units whose case counts: `5 m` and `5 MB`. */
export const EXACT_UNITS: ReadonlyMap<string, Unit> = new Map([
  ["GB", unit("gigabyte")],
  ["GHz", unit("gigahertz", "gigahertz")],
  ["Hz", unit("hertz", "hertz")],
  ["KB", unit("kilobyte")],
  ["MB", unit("megabyte")],
  ["MHz", unit("megahertz", "megahertz")],
  ["TB", unit("terabyte")],
  ["V", unit("volt")],
  ["W", unit("watt")],
  ["g", unit("gram")],
  ["h", unit("hour")],
  ["kHz", unit("kilohertz", "kilohertz")],
  ["kJ", unit("kilojoule")],
  ["kV", unit("kilovolt")],
  ["kW", unit("kilowatt")],
  ["kWh", unit("kilowatt hour")],
  ["kcal", unit("kilocalorie")],
  ["m", unit("meter")],
  ["mA", unit("milliamp")],
  ["mg", unit("milligram")],
]);

export const INCH = unit("inch", "inches");
export const FOOT = unit("foot", "feet");

/** Where a direction stands after degrees: `45° N`. */
export const DIRECTIONS: ReadonlyMap<string, string> = new Map([
  ["N", "north"],
  ["S", "south"],
  ["E", "east"],
  ["W", "west"],
  ["NE", "northeast"],
  ["NW", "northwest"],
  ["SE", "southeast"],
  ["SW", "southwest"],
]);
