"""Deliveries in the true formats of each feed, with values of our own."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

T0 = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)


def at(**ago: float) -> datetime:
    """Return a time some time after the samples' first."""
    return T0 + timedelta(**ago)


FIRMS_HEADER = (
    "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,"
    "confidence,version,bright_ti5,frp,daynight"
)


def firms_row(  # noqa: PLR0917 - the columns
    lat: str = "12.40100",
    lon: str = "104.91000",
    clock: str = "536",
    confidence: str = "h",
    frp: str = "22.5",
    day: str = "2026-03-04",
) -> str:
    return f"{lat},{lon},351.2,0.41,0.37,{day},{clock},N21,VIIRS,{confidence},2.0NRT,297.1,{frp},N"


def firms(*rows: str) -> bytes:
    return "\n".join([FIRMS_HEADER, *rows, ""]).encode()


def gfw(*rows: tuple[float, float, str, str]) -> bytes:
    """Rows of (lat, lon, date, confidence)."""
    names = ["latitude", "longitude", "gfw_integrated_alerts__date"]
    names += ["gfw_integrated_alerts__confidence"]
    return dumped(
        {"data": [dict(zip(names, row, strict=True)) for row in rows], "status": "success"}
    )


def gdacs_event(**changes: Any) -> dict[str, Any]:
    properties = {
        "eventtype": "FL",
        "eventid": 1200345,
        "episodeid": 2,
        "glide": "FL-2026-000012-KHM",
        "name": "Flood in Cambodia",
        "alertlevel": "Orange",
        "alertscore": 2,
        "episodealertlevel": "Green",
        "episodealertscore": 0.5,
        "istemporary": "false",
        "iscurrent": "true",
        "fromdate": "2026-03-04T06:00:00",
        "todate": "2026-03-06T06:00:00",
        "datemodified": "2026-03-06T07:10:02",
        "iso3": "KHM",
        "source": "GLOFAS",
        "sourceid": "",
        "severitydata": {"severity": 0.0, "severitytext": "Magnitude 0 ", "severityunit": ""},
    }
    geometry = changes.pop("geometry", {"type": "Point", "coordinates": [104.9, 11.6]})
    feature = {"type": "Feature", "bbox": [104.9, 11.6, 104.9, 11.6], "geometry": geometry}
    return {**feature, "properties": properties | changes}


def gdacs(*events: dict[str, Any]) -> bytes:
    return dumped({"type": "FeatureCollection", "features": list(events)})


RING = "11.40,104.60 11.40,105.20 11.90,105.20 11.90,104.60 11.40,104.60"


def cap(  # noqa: PLR0917 - what a test changes
    identifier: str = "KH-2026-03-04-1",
    kind: str = "Alert",
    references: str = "",
    severity: str = "Severe",
    status: str = "Actual",
    area: str = f"<polygon>{RING}</polygon>",
    sent: str = "2026-03-04T13:00:00+07:00",
) -> bytes:
    about = f"<references>{references}</references>" if references else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>{identifier}</identifier><sender>water@met.example.kh</sender><sent>{sent}</sent>
  <status>{status}</status><msgType>{kind}</msgType><scope>Public</scope>{about}
  <info><language>en</language><category>Met</category><event>River flood</event>
    <urgency>Immediate</urgency><severity>{severity}</severity><certainty>Observed</certainty>
    <onset>2026-03-04T14:00:00+07:00</onset><expires>2026-03-07T14:00:00+07:00</expires>
    <area><areaDesc>Lower Mekong</areaDesc>{area}</area>
  </info>
  <info><language>km</language><category>Met</category><event>ទឹកជំនន់</event>
    <urgency>Immediate</urgency><severity>{severity}</severity><certainty>Observed</certainty>
    <area><areaDesc>again</areaDesc><polygon>0,0 0,1 1,1 0,0</polygon></area>
  </info>
</alert>""".encode()


def cap_id(identifier: str = "KH-2026-03-04-1", sent: str = "2026-03-04T13:00:00+07:00") -> str:
    return f"water@met.example.kh,{identifier},{sent}"


def usgs_event(**changes: Any) -> dict[str, Any]:
    place = changes.pop("coordinates", [142.1, 38.2, 11.0])
    name = changes.pop("id", "us6000abcd")
    properties = {
        "mag": 6.4,
        "place": "80 km E of Ishinomaki, Japan",
        "time": 1772604000123,
        "updated": 1772604900000,
        "status": "automatic",
        "type": "earthquake",
        "ids": f",{name},at00pqrs12,",
        "net": "us",
        "alert": None,
    }
    geometry = {"type": "Point", "coordinates": place}
    return {
        "type": "Feature",
        "properties": properties | changes,
        "geometry": geometry,
        "id": name,
    }


def usgs(*events: dict[str, Any]) -> bytes:
    about = {"generated": 1772605000000, "status": 200, "count": len(events)}
    return dumped({"type": "FeatureCollection", "metadata": about, "features": list(events)})


def ems(**changes: Any) -> bytes:
    activation = {
        "code": "EMSR955",
        "name": "Flood in Cambodia",
        "category": "Flood",
        "eventTime": "2026-03-04T05:30:00",
        "activationTime": "2026-03-05T09:00:00",
        "closed": False,
        "countries": [{"name": "Cambodia"}],
        "centroid": "POINT (104.9 11.6)",
        "extent": "POLYGON ((104 11, 106 11, 106 12, 104 12, 104 11))",
        "gdacsId": "FL1200345",
        "aois": [
            {"number": 1, "extent": "POLYGON ((104.8 11.5, 105 11.5, 105 11.7, 104.8 11.5))"},
            {"number": 2, "extent": "POLYGON ((105.1 11.5, 105.2 11.5, 105.2 11.6, 105.1 11.5))"},
        ],
    }
    return dumped({"count": 1, "next": None, "results": [activation | changes]})


def eonet(**changes: Any) -> bytes:
    event = {
        "id": "EONET_20001",
        "title": "Ridge Wildfire, Elko, Nevada",
        "closed": None,
        "categories": [{"id": "wildfires", "title": "Wildfires"}],
        "sources": [{"id": "IRWIN", "url": "https://irwin.example.gov/1"}],
        "geometry": [
            {
                "magnitudeValue": 300.0,
                "magnitudeUnit": "acres",
                "date": "2026-03-03T20:00:00Z",
                "type": "Point",
                "coordinates": [-115.9, 40.8],
            },
            {
                "magnitudeValue": 900.0,
                "magnitudeUnit": "acres",
                "date": "2026-03-04T06:00:00Z",
                "type": "Point",
                "coordinates": [-115.7, 40.9],
            },
        ],
    }
    return dumped({"title": "EONET Events", "events": [event | changes]})


def feature(**changes: Any) -> dict[str, Any]:
    ring = [[104.8, 11.5], [105.0, 11.5], [105.0, 11.7], [104.8, 11.7], [104.8, 11.5]]
    properties = {"detected_at": "2026-03-04T13:00:00+07:00", "severity": "high", "hazard": "flood"}
    geometry = changes.pop("geometry", {"type": "Polygon", "coordinates": [ring]})
    name = changes.pop("id", "OWN-77")
    return {
        "type": "Feature",
        "id": name,
        "geometry": geometry,
        "properties": properties | changes,
    }


def event(data: Any = None, kind: str = "org.example.alert.v1", **changes: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": "E-1",
        "source": "//monitor.example.org/water",
        "type": kind,
        "time": "2026-03-04T06:10:00Z",
        "datacontenttype": "application/geo+json",
        "data": feature() if data is None else data,
    } | changes


def pushed(payload: bytes, attributes: dict[str, str] | None = None) -> dict[str, Any]:
    message = {"data": base64.b64encode(payload).decode(), "messageId": "11"}
    return {
        "message": message | ({"attributes": attributes} if attributes else {}),
        "subscription": "projects/p/subscriptions/alerts",
    }


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def gdacs_rss(*changes: dict[str, str]) -> bytes:
    """Return GDACS's RSS with an item for each of these changes, in its true form."""
    items = "".join(map(_rss_item, changes or ({},)))
    names = " ".join(
        f'xmlns:{name}="{uri}"'
        for name, uri in {
            "dc": "http://purl.org/dc/elements/1.1/",
            "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
            "gdacs": "http://www.gdacs.org",
            "georss": "http://www.georss.org/georss",
        }.items()
    )
    head = '<?xml version="1.0" encoding="utf-8"?>'
    title = "<title>GDACS RSS information</title><link>https://www.gdacs.org</link>"
    return f'{head}<rss version="2.0" {names}><channel>{title}{items}</channel></rss>'.encode()


def _rss_item(changes: dict[str, str]) -> str:
    told = {
        "fromdate": "Wed, 04 Mar 2026 06:00:00 GMT",
        "iscurrent": "true",
        "version": "2",
        "eventtype": "FL",
        "alertlevel": "Orange",
        "alertscore": "2",
        "episodealertlevel": "Green",
        "eventid": "1200345",
        "episodeid": "3",
        "iso3": "KHM",
        "glide": "FL-2026-000012-KHM",
        "lat": "11.6",
        "long": "104.9",
        "magnitude": "6.4",
    } | changes
    lat, lon, magnitude = told.pop("lat"), told.pop("long"), told.pop("magnitude")
    fields = "".join(f"<gdacs:{name}>{value}</gdacs:{name}>" for name, value in told.items())
    return (
        "<item><title>Orange flood alert</title><dc:subject>FL2</dc:subject>"
        f'<guid isPermaLink="false">{told["eventtype"]}{told["eventid"]}</guid>'
        f"<geo:Point><geo:lat>{lat}</geo:lat><geo:long>{lon}</geo:long></geo:Point>"
        f"<georss:point>{lat} {lon}</georss:point><gdacs:eventname />{fields}"
        f'<gdacs:severity unit="" value="{magnitude}">Magnitude {magnitude}</gdacs:severity></item>'
    )


def nws_alert(geometry: Any = "a square", **changes: Any) -> dict[str, Any]:
    """Return an alert of api.weather.gov, in its true form."""
    square = [[-95.2, 32.0], [-94.8, 32.0], [-94.8, 32.4], [-95.2, 32.4], [-95.2, 32.0]]
    identifier = changes.get("id", "urn:oid:2.49.0.1.840.0.b65f.001.1")
    told = {
        "@id": f"https://api.weather.gov/alerts/{identifier}",
        "@type": "wx:Alert",
        "id": identifier,
        "areaDesc": "A County, TX",
        "geocode": {"SAME": ["048423"], "UGC": ["TXC423"]},
        "affectedZones": ["https://api.weather.gov/zones/county/TXC423"],
        "references": [],
        "sent": "2026-03-04T00:00:00-06:00",
        "effective": "2026-03-04T00:00:00-06:00",
        "onset": "2026-03-04T01:00:00-06:00",
        "expires": "2026-03-04T09:30:00-06:00",
        "status": "Actual",
        "messageType": "Alert",
        "severity": "Severe",
        "certainty": "Likely",
        "urgency": "Immediate",
        "event": "Flash Flood Warning",
        "senderName": "NWS Somewhere",
    } | changes
    place = {"type": "Polygon", "coordinates": [square]} if geometry == "a square" else geometry
    return {"id": told["@id"], "type": "Feature", "geometry": place, "properties": told}


def nws(*alerts: dict[str, Any]) -> bytes:
    """Return alerts as api.weather.gov answers them."""
    return dumped({"type": "FeatureCollection", "features": list(alerts), "title": "alerts"})


def gfw_webhook(**changes: Any) -> bytes:
    """Return what a subscription of Global Forest Watch posts, in its true form."""
    told = {
        "value": 412,
        "month": "March",
        "year": "2026",
        "week_of": "28 Feb",
        "week_start": "25/02/2026",
        "week_end": "04/03/2026",
        "alert_count": 412,
        "priority_areas": {"intact_forest": 0, "primary_forest": 300},
        "formatted_alert_count": "412",
        "area_ha_sum": "5.06",
        "downloadUrls": {"json": "https://data-api.globalforestwatch.org/…&geostore_id=423e5dfb"},
        "layerSlug": "glad-all",
        "alert_name": "a block",
        "selected_area": "Custom Area",
        "unsubscribe_url": "https://api.resourcewatch.org/v1/subscriptions/5f4a/unsubscribe",
        "alert_date_begin": "2026-02-25",
        "alert_date_end": "2026-03-04",
    } | changes
    return dumped(told)
