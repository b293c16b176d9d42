"""layout.yaml: from where on the layout of industries is remarked upon: thin chains, high quotients, crowding."""

from typing import Annotated

from pydantic import Field

from xiandao.packs.schema.common import PackModel, Source


class LayoutFile(PackModel):
    """The whole of layout.yaml.

    ``thin_segment``: a segment with fewer counted enterprises is thin. ``high_quotient``: location quotient from which
    an industry is over-represented in a city. ``small_number``: a city with fewer enterprises in an industry is shown
    grey and never judged. ``crowd_cities``: from how many over-represented cities on an industry is crowded into,
    where their segments are alike by ``crowd_alike`` (mean similarity coefficient, 0–1). ``alike_cities``: similarity
    coefficient from which two cities' structures are called alike.
    """

    thin_segment: Annotated[int, Field(ge=1, le=1000)]
    high_quotient: Annotated[float, Field(gt=1, le=10)]
    small_number: Annotated[int, Field(ge=1, le=1000)]
    crowd_cities: Annotated[int, Field(ge=2, le=100)]
    crowd_alike: Annotated[float, Field(ge=0, le=1)]
    alike_cities: Annotated[float, Field(ge=0, le=1)]
    source: Source
