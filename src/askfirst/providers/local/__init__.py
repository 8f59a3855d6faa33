"""`local/<path or Hub id>`: vision-language models of transformers, in worker processes of ours.

`provider` is what inspect_ai sees; `pool` keeps one worker process a device; everything that
imports torch runs in `worker`.
"""
