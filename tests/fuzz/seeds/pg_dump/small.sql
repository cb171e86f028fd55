--
-- PostgreSQL database dump
--

\restrict aB3

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;

CREATE FUNCTION public.f() RETURNS integer
    LANGUAGE sql
    AS $_$ select 1; -- COPY public.t (a) FROM stdin;
$_$;

CREATE TABLE public.t (
    a integer NOT NULL,
    "b c" text DEFAULT E'x\'y'::text,
    d timestamp with time zone
);

COPY public.t (a, "b c", d) FROM stdin;
1	a\tb\\c	\N
2		2024-01-01 00:00:00+00
3	\N	\N
\.

COPY public.t (a, "b c", d) FROM stdin;
\.

/* a /* nested */ comment */
SELECT pg_catalog.setval('public.t_a_seq', 3, true);

ALTER TABLE ONLY public.t
    ADD CONSTRAINT t_pkey PRIMARY KEY (a);

--
-- PostgreSQL database dump complete
--

\unrestrict aB3

