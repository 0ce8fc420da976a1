"""All mutations by their names."""

from tests.simulation.mutations.ends import ENDS
from tests.simulation.mutations.events import EVENTS
from tests.simulation.mutations.incidents import INCIDENTS
from tests.simulation.mutations.lists import LISTS
from tests.simulation.mutations.mutation import Mutation
from tests.simulation.mutations.regions import REGIONS
from tests.simulation.mutations.starts import STARTS
from tests.simulation.mutations.stores import STORES

MUTATIONS: dict[str, Mutation] = {
    **STARTS,
    **LISTS,
    **ENDS,
    **STORES,
    **EVENTS,
    **REGIONS,
    **INCIDENTS,
}
