# The commands people need. What they install and do stands in scripts/.
.PHONY: run setup test evaluate bench load lock vendor messages

run:            ## set up and start the product with the plan loaded, and invented progress to look at
	@sh scripts/setup.sh base
	@.venv/bin/xiandao run --demo-data

setup:          ## set up alone
	@sh scripts/setup.sh base

test:           ## set up and run every check
	@sh scripts/setup.sh dev
	@.venv/bin/python scripts/test.py

evaluate:       ## measure against the shared data beside the project
	@sh scripts/setup.sh dev
	@.venv/bin/python scripts/evaluate.py

bench:          ## measure speed, each beside a peer
	@sh scripts/setup.sh dev
	@.venv/bin/python -m pytest benchmarks -p no:cacheprovider --benchmark-only --benchmark-columns=min,median,max,rounds

load:           ## measure 50 people at once on 40,000 claimed results
	@sh scripts/setup.sh dev
	@.venv/bin/python scripts/load.py

lock:           ## resolve requirements/*.in anew
	@sh scripts/setup.sh dev
	@for f in base dev; do .venv/bin/uv pip compile -q --python-version 3.11 --universal --generate-hashes --no-header \
	  requirements/$$f.in -o requirements/$$f.txt; done

vendor:         ## fetch the front-end packages anew
	@.venv/bin/python scripts/vendor.py

messages:       ## collect and compile the English messages
	@.venv/bin/python scripts/messages.py
