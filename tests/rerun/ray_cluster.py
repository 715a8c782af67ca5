"""A Ray cluster of a head and two workers, each with processes of its own, on 127.0.0.1: run by test_ray_engine.

Prints its address, then obeys one word per line on standard input: `kill` ends one worker at once (SIGKILL); at the
end of the input all ends.
"""

import os
import sys
from pathlib import Path

HEALTH = {
    "health_check_initial_delay_ms": 5000,
    "health_check_period_ms": 1000,
    "health_check_failure_threshold": 5,
}


def main() -> None:
    """Runs the cluster in the folder named on the command line (short: the names of sockets are limited)."""
    (Path(sys.argv[1]) / "ray").mkdir()
    os.environ |= {
        "RAY_TMPDIR": sys.argv[1],
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_worker_niceness": "0",  # else the workers starve where other tests keep the cores busy
    }
    from ray.cluster_utils import Cluster

    here = {"node_ip_address": "127.0.0.1", "object_store_memory": 100_000_000}
    head = {"num_cpus": 0, "include_dashboard": False, "_system_config": HEALTH, **here}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    workers = [cluster.add_node(num_cpus=1, wait=False, **here) for _ in range(2)]
    cluster.wait_for_nodes()
    print(cluster.address, flush=True)
    for line in sys.stdin:
        if line == "kill\n":
            cluster.remove_node(workers.pop(), allow_graceful=False)
            print("killed", flush=True)
    cluster.shutdown()


if __name__ == "__main__":
    main()
