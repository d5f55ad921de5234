"""Where made-up customers live: countries with cities, languages, time zones and how forms spell them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Country:
    """A country as the legacy systems know it."""

    code: str
    language: str
    timezone: str
    offset: int
    """Minutes ahead of UTC, for local times in text dates."""
    currency: str
    spellings: tuple[str, ...]
    """How applications wrote it; the first one is the usual."""
    cities: tuple[tuple[str, str], ...]
    """(city, state), the large ones repeated so that they are drawn more often."""


def _cities(text: str) -> tuple[tuple[str, str], ...]:
    """Read `City/State*weight; …`."""
    found: list[tuple[str, str]] = []
    for entry in text.split(";"):
        place, _, weight = entry.strip().partition("*")
        city, _, state = place.partition("/")
        found += [(city, state)] * int(weight or 1)
    return tuple(found)


# fmt: off
COUNTRIES: dict[str, Country] = {
    country.code: country
    for country in (
        Country(
            "IN", "hi", "Asia/Kolkata", 330, "INR",
            ("India", "India", "INDIA", "IN", "india", "Bharat"),
            _cities(
                "Mumbai/Maharashtra*6; Delhi/Delhi*5; Bengaluru/Karnataka*4; Chennai/Tamil Nadu*4;"
                "Hyderabad/Telangana*3; Pune/Maharashtra*3; Kolkata/West Bengal*3; Ahmedabad/Gujarat*2;"
                "Jaipur/Rajasthan; Lucknow/Uttar Pradesh; Surat/Gujarat; Nagpur/Maharashtra; Kochi/Kerala;"
                "Thiruvananthapuram/Kerala; Coimbatore/Tamil Nadu; Indore/Madhya Pradesh; Patna/Bihar;"
                "Chandigarh/Chandigarh; Amritsar/Punjab; Mysuru/Karnataka; Guwahati/Assam; Nashik/Maharashtra"
            ),
        ),
        Country(
            "FR", "fr", "Europe/Paris", 60, "EUR",
            ("France", "France", "FRANCE", "FR", "france"),
            _cities(
                "Paris/Île-de-France*5; Lyon/Auvergne-Rhône-Alpes*3; Marseille/Provence-Alpes-Côte d'Azur*3;"
                "Toulouse/Occitanie*2; Nantes/Pays de la Loire; Bordeaux/Nouvelle-Aquitaine;"
                "Lille/Hauts-de-France; Rennes/Bretagne; Saint-Étienne/Auvergne-Rhône-Alpes;"
                "Nîmes/Occitanie; Besançon/Bourgogne"
            ),
        ),
        Country(
            "CO", "es", "America/Bogota", -300, "COP",
            ("Colombia", "Colombia", "COLOMBIA", "CO", "colombia"),
            _cities(
                "Bogotá/Cundinamarca*5; Medellín/Antioquia*3; Cali/Valle del Cauca*2; Barranquilla/Atlántico;"
                "Cartagena/Bolívar; Bucaramanga/Santander; Ibagué/Tolima; Popayán/Cauca"
            ),
        ),
        Country(
            "MX", "es", "America/Mexico_City", -360, "MXN",
            ("México", "Mexico", "MEXICO", "MX"),
            _cities("Ciudad de México/CDMX*4; Guadalajara/Jalisco*2; Monterrey/Nuevo León*2; Mérida/Yucatán"),
        ),
        Country(
            "BR", "pt", "America/Sao_Paulo", -180, "BRL",
            ("Brasil", "Brazil", "BRASIL", "BR"),
            _cities("São Paulo/SP*4; Rio de Janeiro/RJ*3; Belo Horizonte/MG; Goiânia/GO; Brasília/DF"),
        ),
        Country(
            "AR", "es", "America/Argentina/Buenos_Aires", -180, "ARS",
            ("Argentina", "Argentina", "AR"),
            _cities("Buenos Aires/CABA*4; Córdoba/Córdoba; Rosario/Santa Fe; Neuquén/Neuquén"),
        ),
        Country(
            "CL", "es", "America/Santiago", -240, "CLP",
            ("Chile", "Chile", "CL"),
            _cities("Santiago/RM*4; Valparaíso/Valparaíso; Concepción/Biobío"),
        ),
        Country(
            "PE", "es", "America/Lima", -300, "PEN",
            ("Perú", "Peru", "PE"),
            _cities("Lima/Lima*4; Arequipa/Arequipa; Cusco/Cusco; Trujillo/La Libertad"),
        ),
        Country(
            "KE", "en", "Africa/Nairobi", 180, "KES",
            ("Kenya", "Kenya", "KENYA", "KE"),
            _cities("Nairobi/Nairobi*4; Mombasa/Mombasa*2; Kisumu/Kisumu; Nakuru/Nakuru; Eldoret/Rift"),
        ),
        Country(
            "RW", "rw", "Africa/Kigali", 120, "RWF",
            ("Rwanda", "Rwanda", "RW"),
            _cities("Kigali/Kigali*4; Huye/Southern; Musanze/Northern; Rubavu/Western"),
        ),
        Country(
            "UG", "en", "Africa/Kampala", 180, "UGX",
            ("Uganda", "Uganda", "UG"),
            _cities("Kampala/Central*4; Entebbe/Central; Gulu/Northern; Mbarara/Western"),
        ),
        Country(
            "TZ", "sw", "Africa/Dar_es_Salaam", 180, "TZS",
            ("Tanzania", "Tanzania", "TZ", "TANZANIA"),
            _cities("Dar es Salaam/Dar es Salaam*4; Dodoma/Dodoma; Arusha/Arusha; Mwanza/Mwanza"),
        ),
    )
}
# fmt: on
