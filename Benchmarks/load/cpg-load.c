/*
 * A member of a process group that multicasts as fast as it is let, at a steady pace, or not at all, and counts what is
 * delivered to it in a file that the benchmark reads meanwhile.
 *
 * Usage: cpg-load send|pace|receive GROUP MEMBERS SIZE FILE
 *
 * Sending starts when the group has MEMBERS members. Every message begins with the moment of its sending, on the clock
 * that all nodes of one machine share; the file holds for each of the last deliveries how long it took.
 */
#include <corosync/cpg.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define SAMPLES 65536u
/* What may be under way of one sender: more waits in its own hands, as in any program that means well. */
#define LARGEST_BACKLOG_BYTES (768u * 1024)
#define LARGEST_BACKLOG 1024u
#define BURST 32u
#define PACE_NANOSECONDS 5000000u

struct progress {
	volatile uint64_t started; /* the group is complete */
	volatile uint64_t received;
	volatile uint64_t bytes;
	volatile uint64_t refused; /* attempts to send that had to be repeated */
	volatile uint64_t nanoseconds[SAMPLES];
};

static struct progress *progress;
static uint64_t expected_members, sent, own;
static uint32_t own_node, own_process;

static uint64_t now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void delivered(cpg_handle_t handle, const struct cpg_name *group, uint32_t node, uint32_t process,
	void *message, size_t length)
{
	uint64_t sent_at;
	(void)handle;
	(void)group;
	if (length < sizeof(sent_at))
		return;
	memcpy(&sent_at, message, sizeof(sent_at));
	if (node == own_node && process == own_process)
		own++;
	progress->nanoseconds[progress->received % SAMPLES] = now() - sent_at;
	progress->bytes += length;
	progress->received++;
}

static void changed(cpg_handle_t handle, const struct cpg_name *group, const struct cpg_address *members, size_t count,
	const struct cpg_address *left, size_t left_count, const struct cpg_address *joined, size_t joined_count)
{
	(void)handle;
	(void)group;
	(void)members;
	(void)left;
	(void)left_count;
	(void)joined;
	(void)joined_count;
	if (count == expected_members)
		progress->started = 1;
}

static int fail(const char *what, int error)
{
	fprintf(stderr, "cpg-load: %s: error %d\n", what, error);
	return 1;
}

int main(int argc, char **argv)
{
	cpg_callbacks_t callbacks = { .cpg_deliver_fn = delivered, .cpg_confchg_fn = changed };
	cpg_handle_t handle;
	cs_error_t error;
	struct cpg_name group;
	unsigned own_id;
	int descriptor, file;

	if (argc != 6)
		return fail("usage: cpg-load send|pace|receive GROUP MEMBERS SIZE FILE", argc);
	const int sends = !strcmp(argv[1], "send"), paces = !strcmp(argv[1], "pace");
	expected_members = strtoull(argv[3], NULL, 10);
	const size_t size = strtoull(argv[4], NULL, 10);
	if (size < sizeof(uint64_t) || size > 1000000 || strlen(argv[2]) >= sizeof(group.value))
		return fail("arguments", argc);
	prctl(PR_SET_PDEATHSIG, SIGKILL);

	file = open(argv[5], O_RDWR | O_CREAT | O_TRUNC, 0644);
	if (file < 0 || ftruncate(file, sizeof(*progress)) != 0)
		return fail("the file", file);
	progress = mmap(NULL, sizeof(*progress), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	char *message = calloc(1, size);
	if (progress == MAP_FAILED || !message)
		return fail("memory", 0);

	while ((error = cpg_initialize(&handle, &callbacks)) == CS_ERR_TRY_AGAIN)
		usleep(10000);
	if (error != CS_OK)
		return fail("cpg_initialize", error);
	if ((error = cpg_local_get(handle, &own_id)) != CS_OK)
		return fail("cpg_local_get", error);
	own_node = own_id;
	own_process = (uint32_t)getpid();
	if ((error = cpg_fd_get(handle, &descriptor)) != CS_OK)
		return fail("cpg_fd_get", error);
	group.length = (uint32_t)strlen(argv[2]);
	memcpy(group.value, argv[2], group.length);
	while ((error = cpg_join(handle, &group)) == CS_ERR_TRY_AGAIN)
		usleep(10000);
	if (error != CS_OK)
		return fail("cpg_join", error);

	struct iovec part = { .iov_base = message, .iov_len = size };
	uint64_t next = now();
	for (;;) {
		int wait = -1;
		if (sends && progress->started) {
			for (unsigned count = 0; count < BURST; count++) {
				const uint64_t backlog = sent - own;
				if (backlog >= LARGEST_BACKLOG || (backlog && (backlog + 1) * size > LARGEST_BACKLOG_BYTES))
					break;
				const uint64_t moment = now();
				memcpy(message, &moment, sizeof(moment));
				error = cpg_mcast_joined(handle, CPG_TYPE_AGREED, &part, 1);
				if (error == CS_ERR_TRY_AGAIN) {
					progress->refused++;
					wait = 1;
					break;
				}
				if (error != CS_OK)
					return fail("cpg_mcast_joined", error);
				sent++;
				wait = 0;
			}
		} else if (paces && progress->started) {
			uint64_t moment = now();
			if (moment >= next) {
				memcpy(message, &moment, sizeof(moment));
				error = cpg_mcast_joined(handle, CPG_TYPE_AGREED, &part, 1);
				if (error != CS_OK && error != CS_ERR_TRY_AGAIN)
					return fail("cpg_mcast_joined", error);
				next = moment + PACE_NANOSECONDS;
			}
			moment = now();
			wait = next > moment ? (int)((next - moment) / 1000000u) : 0;
		}
		struct pollfd ready = { .fd = descriptor, .events = POLLIN };
		if (poll(&ready, 1, wait) > 0 && (error = cpg_dispatch(handle, CS_DISPATCH_ALL)) != CS_OK
			&& error != CS_ERR_TRY_AGAIN)
			return fail("cpg_dispatch", error);
	}
}
