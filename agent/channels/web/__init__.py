"""The conversation and the deployments in a browser: what a page sends over HTTP, and the stream of what it is told.

    routes         what a page sends: the session, messages, clicks
    conversations  the list of them: finding, naming, deleting; what people thought of the answers
    bodies         what a page sends, held against its shape
    inbox          accepted messages, answered in order
    streams        what a page is told, as server-sent events
    speakers       who speaks, in the sandbox
    deployments    the list, one workspace, its files
    approvals      plans that wait for somebody else than their asker, and one plan by its address
    pages          the built files of `web_client`
    port           what all of these need of the app
    records        `port` over the app and its records

Nothing is decided here, and no plan is applied: a click is passed on as what it says.
"""
