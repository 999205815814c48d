"""Hashes and proofs against RFC 6962's own definition, written here as it stands there, and its known vectors."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.log import merkle
from evidence.log.merkle import Tree

#: The inputs and roots that Certificate Transparency's reference implementations share.
INPUTS = [bytes.fromhex(each) for each in [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
]]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
VECTORS = [merkle.leaf_hash(each) for each in INPUTS]


def mth(leaves):
    """MTH of section 2.1, of leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = _k(len(leaves))
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def _k(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def path(m, leaves):
    """PATH of section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = _k(len(leaves))
    return [*path(m, leaves[:k]), mth(leaves[k:])] if m < k else [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m, leaves, whole):
    """SUBPROOF of section 2.1.2."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = _k(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


def leaves_of(size):
    return [merkle.leaf_hash(str(each).encode()) for each in range(size)]


@pytest.mark.parametrize("size", range(9))
def test_the_known_roots_come_out(size):
    assert merkle.root(Tree(VECTORS[:size]), size).hex() == ROOTS[size]


def test_a_known_inclusion_proof_comes_out():
    proof = [each.hex() for each in merkle.inclusion_proof(Tree(VECTORS), 0, 8)]
    assert proof == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]


def test_a_known_consistency_proof_comes_out():
    proof = [each.hex() for each in merkle.consistency_proof(Tree(VECTORS), 6, 8)]
    assert proof == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_an_inclusion_proof_is_the_definitions_and_leads_to_the_root(data):
    size = data.draw(st.integers(1, 90))
    index = data.draw(st.integers(0, size - 1))
    leaves = leaves_of(size)
    proof = merkle.inclusion_proof(Tree(leaves), index, size)
    assert proof == path(index, leaves)
    assert merkle.verify_inclusion(leaves[index], index, size, proof, mth(leaves))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_consistency_proof_is_the_definitions_and_shows_the_prefix(data):
    new = data.draw(st.integers(1, 90))
    old = data.draw(st.integers(1, new))
    leaves = leaves_of(new)
    proof = merkle.consistency_proof(Tree(leaves), old, new)
    assert proof == subproof(old, leaves, True)
    assert merkle.verify_consistency(old, new, mth(leaves[:old]), mth(leaves), proof)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_no_other_leaf_index_size_or_hash_passes(data):
    size = data.draw(st.integers(2, 60))
    index = data.draw(st.integers(0, size - 1))
    leaves = leaves_of(size)
    proof, wanted = path(index, leaves), mth(leaves)
    other = data.draw(st.integers(0, size - 1).filter(lambda each: each != index))
    assert not merkle.verify_inclusion(leaves[other], index, size, proof, wanted)
    assert not merkle.verify_inclusion(leaves[index], other, size, proof, wanted)
    assert not merkle.verify_inclusion(leaves[index], index, size, proof[:-1], wanted)
    assert not merkle.verify_inclusion(leaves[index], index, size, [*proof, wanted], wanted)
    at = data.draw(st.integers(0, len(proof) - 1))
    assert not merkle.verify_inclusion(leaves[index], index, size, [*proof[:at], b"\0" * 32, *proof[at + 1 :]], wanted)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_log_that_was_rewritten_has_no_consistency_proof(data):
    new = data.draw(st.integers(2, 60))
    old = data.draw(st.integers(1, new))
    leaves = leaves_of(new)
    at = data.draw(st.integers(0, old - 1))
    rewritten = [*leaves[:at], merkle.leaf_hash(b"another"), *leaves[at + 1 :]]
    proof = merkle.consistency_proof(Tree(rewritten), old, new)
    assert not merkle.verify_consistency(old, new, mth(leaves[:old]), mth(rewritten), proof)


def test_sizes_and_indexes_that_cannot_be_are_refused():
    for index, size in [(0, 0), (3, 3), (-1, 3)]:
        with pytest.raises(ValueError, match="no leaf"):
            merkle.inclusion_ranges(index, size)
        assert not merkle.verify_inclusion(b"", index, size, [], b"")
    with pytest.raises(ValueError, match="cannot extend"):
        merkle.consistency_ranges(4, 3)
    assert not merkle.verify_consistency(4, 3, b"", b"", [])


def test_everything_extends_the_empty_log():
    assert merkle.consistency_proof(Tree(VECTORS), 0, 8) == []
    assert merkle.verify_consistency(0, 8, merkle.EMPTY, mth(VECTORS), [])
    assert not merkle.verify_consistency(0, 8, b"another", mth(VECTORS), [])
    assert merkle.verify_consistency(8, 8, mth(VECTORS), mth(VECTORS), [])
    assert not merkle.verify_consistency(8, 8, mth(VECTORS), mth(VECTORS[:7]), [])
