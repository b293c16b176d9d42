"""Where industries are: location quotients, shares, and how much alike two places' structures are. Pure computation.

All take a table of amounts e (places x industries; numbers of enterprises, capital) that are not negative.

- Location quotient LQ_ij = (e_ij / e_i) / (e_j / e): the share of industry j in place i over its share in all places
  together (Florence 1939; Isard 1960, Methods of Regional Analysis, ch. 7). 1: as everywhere; above 1: more.
- Similarity coefficient S_ik = sum_j s_ij s_kj / sqrt(sum_j s_ij² sum_j s_kj²), s_ij = e_ij / e_i: the cosine of two
  structures (UNIDO 1979, World Industry since 1960). 1: the same structure; 0: nothing in common.
- Krugman's index K_ik = sum_j |s_ij - s_kj| (Krugman 1991, Geography and Trade). 0: the same structure; 2: nothing in
  common.

What has no denominator is unknown (NaN), never 0.
"""

from xiandao.engines.location.crowding import Crowd, crowds
from xiandao.engines.location.quotients import krugman, quotients, shares, similarity

__all__ = ["Crowd", "crowds", "krugman", "quotients", "shares", "similarity"]
