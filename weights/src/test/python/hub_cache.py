"""What huggingface_hub does with a cache that Java shares; run by PythonCacheTest.

The environment says where hub and cache are (HF_ENDPOINT, HF_HUB_CACHE).

  hub_cache.py download ID REVISION FILE...   prints the path of each file, "absent" for one that the model lacks
  hub_cache.py scan                           prints the models of the cache as huggingface_hub sees them
  hub_cache.py hold LOCK                      takes a lock, prints "locked", releases it at the end of standard input
  hub_cache.py try LOCK                       prints "free" or "held"
  hub_cache.py proxied NO_PROXIES ADDRESS...  prints "proxy" or "direct" for each value between bars and each address
"""

import json
import sys

from huggingface_hub import hf_hub_download, scan_cache_dir
from huggingface_hub.errors import EntryNotFoundError
from huggingface_hub.utils import WeakFileLock


def download(model, revision, *files):
    for file in files:
        try:
            print(hf_hub_download(model, file, revision=revision))
        except EntryNotFoundError:
            print("absent")


def scan():
    cache = scan_cache_dir()
    print(
        json.dumps(
            {
                "warnings": [str(warning) for warning in cache.warnings],
                "models": {
                    repo.repo_id: {
                        revision.commit_hash: {
                            "refs": sorted(revision.refs),
                            "files": sorted(file.file_name for file in revision.files),
                        }
                        for revision in repo.revisions
                    }
                    for repo in cache.repos
                },
            }
        )
    )


def hold(lock):
    with WeakFileLock(lock):
        print("locked", flush=True)
        sys.stdin.read()


def attempt(lock):
    import filelock

    try:
        with WeakFileLock(lock, timeout=0.3):
            print("free")
    except filelock.Timeout:
        print("held")


def proxied(no_proxies, *addresses):
    import os

    import httpx

    for no_proxy in no_proxies.split("|"):
        os.environ["NO_PROXY"] = no_proxy
        with httpx.Client() as client:
            for address in addresses:
                transport = client._transport_for_url(httpx.URL(address))
                print("direct" if transport is client._transport else "proxy")


command, *arguments = sys.argv[1:]
{"download": download, "scan": scan, "hold": hold, "try": attempt, "proxied": proxied}[command](*arguments)
